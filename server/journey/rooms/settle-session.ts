// Step 7: rules decide what happened, when the time is up, both have left, or one has waited long enough.
// Never the browser's word, never a guess: webhooks are completed from Daily's own records first, and in a
// room of ours whoever was silent for too long has left.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { type DailyAttendance, fetchDailyAttendance } from '../../integrations/daily-rooms.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { addMinutes, now } from '../../lib/time.ts'
import { type BookingRow, changeBooking, lockBooking } from '../bookings/change-booking.ts'
import type { Role } from '../bookings/participant.ts'
import { roomClosesAt } from '../bookings/room-window.ts'
import type { Context } from '../context.ts'
import { isAnybodyIn } from './end-visit.ts'
import { resolveSilence, resolveAttendance } from './resolve-attendance.ts'
import { addStay, graceSeconds, readStays } from './record-stay.ts'
import { haveMet, isAlone, mayLeaveAt, outcomeOf, roomName, type Stay } from './room.ts'

export type Settlement = 'settled' | 'too_early' | 'nothing_to_do'

/** `both_done`: a person says so. `waited`: this person leaves because the other did not come. */
export type Ending = 'by_itself' | 'both_done' | { waited: Role }

/**
 * Settles one attempt. Before the end it does so only if both met after the start and left `graceSeconds` ago
 * (or just now, if a person says that they are done), or if the other has not come for five minutes.
 * Throws ProviderError if Daily is silent and its answer is needed.
 */
export async function settleSession(
  ctx: Context,
  bookingId: string,
  attempt: number,
  ending: Ending = 'by_itself',
): Promise<Settlement> {
  const booking = await ctx.db
    .selectFrom('bookings')
    .selectAll()
    .where('id', '=', bookingId)
    .executeTakeFirst()
  if (!booking || booking.state !== 'created' || booking.attempt !== attempt) return 'nothing_to_do'
  if (await isForOperator(ctx.db, bookingId, attempt)) return 'nothing_to_do'
  const time = now()
  const ownRoom = await lookIntoOwnRoom(ctx, bookingId, attempt)
  const stays = await readStays(ctx.db, bookingId, attempt)
  if (booking.outcome === 'unknown' && stays.length === 0) return 'nothing_to_do'
  if (!mayEnd(booking, stays, ending, time)) return 'too_early'
  const isOver = time >= booking.endAt!
  // Once they have met and the time is up, nothing that Daily reports could change it.
  const isCertain = isOver && outcomeOf(stays, booking.startAt!, booking.endAt!) === 'held'
  const known = ownRoom ?? (isCertain ? nobody : await recordsOfDaily(ctx, bookingId, attempt))
  // Somebody has come back, and the webhook that says so is still on its way.
  if (!isOver && typeof ending === 'string' && known.isOngoing) return 'too_early'
  const settlement = await inTransaction(ctx.db, async (tx) => {
    const current = await lockBooking(tx, bookingId)
    if (
      !current ||
      current.state !== 'created' ||
      current.attempt !== attempt ||
      (await isForOperator(tx, bookingId, attempt))
    )
      return 'nothing_to_do'
    for (const stay of known.stays) await addStay(tx, { roomName: roomName(bookingId, attempt), ...stay })
    const all = await readStays(tx, bookingId, attempt)
    if (!isOver && typeof ending !== 'string' && !isAlone(all, ending.waited, current.startAt!, time))
      return 'too_early'
    await settle(ctx, tx, current, outcomeOf(all, current.startAt!, isOver ? current.endAt! : time))
    return 'settled'
  })
  failpoint('after-commit:settled')
  return settlement
}

/** A report ended the session, so no rule decides any more. */
async function isForOperator(db: Db | Tx, bookingId: string, attempt: number): Promise<boolean> {
  const report = await db
    .selectFrom('reports')
    .select('id')
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .where('hasEndedSession', '=', true)
    .executeTakeFirst()
  return report !== undefined
}

const nobody: DailyAttendance = { stays: [], isOngoing: false }

/** In a room of ours the attendance is already in the database; undefined for a room at Daily. */
async function lookIntoOwnRoom(
  ctx: Context,
  bookingId: string,
  attempt: number,
): Promise<DailyAttendance | undefined> {
  const room = await ctx.db
    .selectFrom('rooms')
    .select('provider')
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .executeTakeFirst()
  if (room?.provider !== 'builtin') return undefined
  return { stays: [], isOngoing: await isAnybodyIn(ctx.db, bookingId, attempt) }
}

async function recordsOfDaily(ctx: Context, bookingId: string, attempt: number): Promise<DailyAttendance> {
  const room = await ctx.db
    .selectFrom('rooms')
    .select('name')
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .executeTakeFirst()
  return room ? fetchDailyAttendance(ctx.daily, room.name) : nobody
}

function mayEnd(booking: BookingRow, stays: Stay[], ending: Ending, time: Date): boolean {
  if (time >= booking.endAt!) return true
  if (time < booking.startAt!) return false
  if (typeof ending !== 'string') return time >= mayLeaveAt(booking.startAt!)
  const leftBy = time.getTime() - (ending === 'both_done' ? 0 : graceSeconds * 1000)
  return (
    haveMet(stays, booking.startAt!, time) &&
    stays.every((stay) => stay.leftAt !== null && stay.leftAt.getTime() <= leftBy)
  )
}

async function settle(
  ctx: Context,
  tx: Tx,
  booking: BookingRow,
  outcome: ReturnType<typeof outcomeOf>,
): Promise<void> {
  const { id: bookingId, attempt } = booking
  await resolveSilence(tx, bookingId, attempt)
  if (booking.outcome === 'unknown') {
    if (outcome === 'attendance_unknown') return
    await resolveAttendance(tx, bookingId, attempt, outcome)
  }
  await changeBooking(tx, { ...booking }, outcome, { payoutDelayHours: ctx.config.payoutDelayHours })
  // People who are still inside leave when the room closes. What no webhook reports is read afterwards.
  await enqueue(
    tx,
    'complete-attendance',
    { bookingId, attempt },
    { at: addMinutes(roomClosesAt(booking.endAt!), 2) },
  )
}

/** After the room has closed, stays without an end are completed from Daily's records. */
export async function completeAttendance(ctx: Context, bookingId: string, attempt: number): Promise<void> {
  const stays = await readStays(ctx.db, bookingId, attempt)
  if (stays.every((stay) => stay.leftAt !== null)) return
  // A room of ours has nothing to add: its last visits ended when it closed.
  const known =
    (await lookIntoOwnRoom(ctx, bookingId, attempt)) ?? (await recordsOfDaily(ctx, bookingId, attempt))
  await inTransaction(ctx.db, async (tx) => {
    for (const stay of known.stays) await addStay(tx, { roomName: roomName(bookingId, attempt), ...stay })
  })
}
