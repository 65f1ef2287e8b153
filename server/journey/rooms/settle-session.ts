// Step 7: what happened is decided by rule, when the time is up or both have left. Never by the browser's word, never
// by a guess: webhooks are completed from Daily's own records first.
import { inTransaction, type Tx } from '../../db/client.ts'
import { fetchDailyAttendance } from '../../integrations/daily.ts'
import { breakPoint } from '../../lib/break-point.ts'
import { now } from '../../lib/time.ts'
import { changeBooking, lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { addStay, graceSeconds } from './record-attendance.ts'
import { outcomeOf, roomName } from './room.ts'

export type Settlement = 'settled' | 'too_early' | 'nothing_to_do'

/**
 * Settles one attempt. Before the end it does so only when both were there and nobody has been inside for
 * `graceSeconds` (or is, where `atOnce`: a person said that they are done). Throws ProviderError where Daily is silent.
 */
export async function settleSession(ctx: Context, bookingId: string, attempt: number, atOnce = false): Promise<Settlement> {
  const booking = await ctx.db.selectFrom('bookings').selectAll().where('id', '=', bookingId).executeTakeFirst()
  if (!booking || booking.state !== 'created' || booking.attempt !== attempt || booking.outcome === 'unknown') return 'nothing_to_do'
  const isOver = now() >= booking.endAt!
  if (!isOver && !(await bothHaveLeft(ctx, bookingId, attempt, atOnce ? 0 : graceSeconds))) return 'too_early'
  const room = await ctx.db.selectFrom('rooms').select('name').where('bookingId', '=', bookingId).where('attempt', '=', attempt).executeTakeFirst()
  const { stays } = room ? await fetchDailyAttendance(ctx.daily, room.name) : { stays: [] }
  const settlement = await inTransaction(ctx.db, async (tx) => {
    const current = await lockBooking(tx, bookingId)
    if (!current || current.state !== 'created' || current.attempt !== attempt) return 'nothing_to_do'
    for (const stay of stays) await addStay(tx, { roomName: roomName(bookingId, attempt), ...stay })
    const attendance = await readAttendance(tx, bookingId, attempt)
    await changeBooking(tx, { ...current }, outcomeOf(attendance), { payoutDelayHours: ctx.config.payoutDelayHours })
    return 'settled'
  })
  breakPoint('after-commit:settled')
  return settlement
}

async function bothHaveLeft(ctx: Context, bookingId: string, attempt: number, afterSeconds: number): Promise<boolean> {
  const stays = await ctx.db.selectFrom('attendance').selectAll().where('bookingId', '=', bookingId).where('attempt', '=', attempt).execute()
  const roles = new Set(stays.map((stay) => stay.role))
  const leftBy = now().getTime() - afterSeconds * 1000
  return roles.size === 2 && stays.every((stay) => stay.leftAt !== null && stay.leftAt.getTime() <= leftBy)
}

async function readAttendance(tx: Tx, bookingId: string, attempt: number) {
  const stays = await tx.selectFrom('attendance').selectAll().where('bookingId', '=', bookingId).where('attempt', '=', attempt).execute()
  const time = now().getTime()
  // Somebody who was there for less than a second was there: a stay counts for at least one.
  const seconds = (role: 'host' | 'member') =>
    stays
      .filter((stay) => stay.role === role)
      .reduce((sum, stay) => sum + Math.max(1, ((stay.leftAt?.getTime() ?? time) - stay.joinedAt.getTime()) / 1000), 0)
  return { hostSeconds: seconds('host'), memberSeconds: seconds('member'), anySignal: stays.length > 0 }
}
