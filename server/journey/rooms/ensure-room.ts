// The private room of one attempt at Daily, up to an hour before it opens. Its name is ours, so making it twice finds
// the first; `nbf` keeps it shut until 15 minutes before the session.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { type DailyUrgency, ensureDailyRoom } from '../../integrations/daily.ts'
import { breakPoint } from '../../lib/break-point.ts'
import { now } from '../../lib/time.ts'
import { type BookingRow, lockBooking } from '../bookings/change-booking.ts'
import { isTimeToPrepare, roomClosesAt, roomOpensAt, type RoomStatus } from '../bookings/room-window.ts'
import type { Context } from '../context.ts'
import { roomName } from './room.ts'
import { learnDomain } from './sign-token.ts'

export type RoomFacts = { url: string; name: string; opensAt: Date; closesAt: Date; status: RoomStatus }
export type Scheduled = BookingRow & { startAt: Date; endAt: Date }

/** The booking while this attempt of it stands; undefined once it was moved, cancelled or settled. */
export async function scheduledBooking(ctx: Context, bookingId: string, attempt: number): Promise<Scheduled | undefined> {
  const booking = await ctx.db.selectFrom('bookings').selectAll().where('id', '=', bookingId).executeTakeFirst()
  if (!booking || booking.attempt !== attempt || booking.state !== 'created' || !booking.startAt || !booking.endAt) return undefined
  return { ...booking, startAt: booking.startAt, endAt: booking.endAt }
}

/** Ahead of time: makes the room and nothing else. What is missing when the room should open is made then. */
export async function prepareRoom(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  const booking = await scheduledBooking(ctx, bookingId, attempt)
  if (!booking || !isTimeToPrepare(booking.startAt, now())) return
  const room = await ensureRoom(ctx, booking, 'ahead')
  await learnDomain(ctx, { roomName: room.name, personId: bookingId, displayName: '', isHost: false, opensAt: room.opensAt, closesAt: room.closesAt })
}

/** The room of a booking's present attempt: the one we know, or else a new one at Daily. */
export async function ensureRoom(ctx: Context, booking: Scheduled, urgency: DailyUrgency): Promise<RoomFacts> {
  const { id: bookingId, attempt } = booking
  const facts = { name: roomName(bookingId, attempt), opensAt: roomOpensAt(booking.startAt), closesAt: roomClosesAt(booking.endAt) }
  const known = await ctx.db.selectFrom('rooms').select(['url', 'status']).where('bookingId', '=', bookingId).where('attempt', '=', attempt).executeTakeFirst()
  if (known?.url) return { ...facts, url: known.url, status: known.status }

  breakPoint('before-call:room')
  const { url } = await ensureDailyRoom(ctx.daily, facts, urgency)
  breakPoint('after-call:room')
  await inTransaction(ctx.db, async (tx) => {
    const current = await lockBooking(tx, bookingId)
    await tx
      .insertInto('rooms')
      .values({ ...facts, bookingId, attempt, provider: 'daily', url, status: 'not_created', createdAt: now() })
      .onConflict((conflict) => conflict.columns(['bookingId', 'attempt']).doNothing())
      .execute()
    // Cancelled or moved while Daily was answering.
    if (current?.attempt !== attempt || current.state !== 'created') await enqueue(tx, 'close-room', { bookingId, attempt })
  })
  return { ...facts, url, status: 'not_created' }
}
