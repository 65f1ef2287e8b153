// Cancels a time in the host's Cal.com calendar. Doing it twice is harmless.
import { cancelCalBooking } from '../../integrations/calcom-bookings.ts'
import type { Context } from '../context.ts'

export async function releaseCalendar(ctx: Context, calBookingUid: string, reason: string): Promise<void> {
  await cancelCalBooking(ctx.calcom, calBookingUid, reason)
}
