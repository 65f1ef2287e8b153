// Takes a time out of the host's Cal.com calendar again. Cancelling twice is the same as once.
import { cancelCalBooking } from '../../integrations/calcom-bookings.ts'
import type { Context } from '../context.ts'

export async function releaseCalendar(ctx: Context, calBookingUid: string, reason: string): Promise<void> {
  await cancelCalBooking(ctx.calcom, calBookingUid, reason)
}
