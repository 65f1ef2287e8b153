// Tells the host's Cal.com calendar who did not come to a session.
import { markCalAbsent } from '../../integrations/calcom-bookings.ts'
import { ProviderError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { contactEmail } from '../members/member.ts'

export async function reportAbsence(
  ctx: Context,
  absence: { calBookingUid: string; absent: 'host' | 'member'; memberId: string },
): Promise<void> {
  // An older entry may have been made with another address.
  const entry = await ctx.db
    .selectFrom('calendarEntries')
    .select('attendeeEmail')
    .where('uid', '=', absence.calBookingUid)
    .executeTakeFirst()
  const attendeeEmail = entry?.attendeeEmail ?? contactEmail({ id: absence.memberId })
  try {
    await markCalAbsent(
      ctx.calcom,
      absence.calBookingUid,
      absence.absent === 'host' ? { host: true } : { attendeeEmail },
    )
  } catch (error) {
    // It is gone, or cannot be marked there. It is a courtesy to the host, and nothing depends on it.
    if (error instanceof ProviderError && (error.status === 400 || error.status === 404)) return
    throw error
  }
}
