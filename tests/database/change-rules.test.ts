// What may still be done with a session, looked at the whole row, under the lock, and by the database.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import {
  bookingStates,
  calendarStatuses,
  canChangeForFree,
  outcomes,
  waitsForOperator,
} from '../../server/journey/bookings/booking.ts'
import { cancelAsHost, cancelBooking } from '../../server/journey/bookings/cancel-booking.ts'
import { lockBooking } from '../../server/journey/bookings/change-booking.ts'
import { moveBooking } from '../../server/journey/bookings/move-booking.ts'
import { scheduleBooking } from '../../server/journey/bookings/schedule-booking.ts'
import { recordTime } from '../../server/journey/bookings/take-time.ts'
import { newId } from '../../server/lib/ids.ts'
import { addDays, addHours, addMinutes, now } from '../../server/lib/time.ts'
import { openVerbs, type Verbs } from '../people/verbs.ts'
import { openRows, type Rows } from './rows.ts'

let verbs: Verbs
let rows: Rows
beforeAll(async () => {
  verbs = await openVerbs()
  rows = await openRows(verbs.presence.databaseUrl)
})
afterAll(async () => {
  await rows?.close()
  await verbs?.stop()
})

type Given = { hoursAhead?: number; set?: Record<string, unknown> }

/** A session with a time, as the rows have it. */
async function session({ hoursAhead = 2, set = {} }: Given = {}) {
  const memberId = await rows.member()
  const hostId = await rows.host()
  const id = await rows.sold({ memberId, hostId }, { start: addHours(now(), hoursAhead) })
  const facts = { calendar: 'builtin', calendar_status: 'confirmed', attempt: 1, ...set }
  for (const [column, value] of Object.entries(facts))
    await rows.run(`update bookings set ${column} = $2 where id = $1`, [id, value])
  return { id, memberId, hostId }
}

const rowOf = (id: string) =>
  verbs.db.selectFrom('bookings').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const earnedFor = (id: string) =>
  verbs.db
    .selectFrom('postings')
    .select('id')
    .where('bookingId', '=', id)
    .where('kind', '=', 'completed')
    .execute()

test('cancelling costs nothing while the calendar of the host has not confirmed the time', async () => {
  const { id, memberId } = await session({ set: { calendar: 'calcom', calendar_status: 'confirming' } })
  expect(await cancelBooking(verbs.ctx, { memberId, bookingId: id })).toBe('given_back')
  expect(await rowOf(id)).toMatchObject({ state: 'pending', outcome: null })
  expect(await earnedFor(id)).toEqual([])
})

test('cancelling a confirmed time that late forfeits the session', async () => {
  const { id, memberId } = await session()
  expect(await cancelBooking(verbs.ctx, { memberId, bookingId: id })).toBe('forfeited')
  expect(await earnedFor(id)).toHaveLength(1)
})

test('a session that a report ended is changed by nobody but an operator', async () => {
  const { id, memberId, hostId } = await session({ set: { outcome: 'unknown' } })
  const over = { code: 'session_over' }
  await expect(cancelBooking(verbs.ctx, { memberId, bookingId: id })).rejects.toMatchObject(over)
  await expect(cancelAsHost(verbs.ctx, { hostId, bookingId: id })).rejects.toMatchObject(over)
  const start = addDays(now(), 2)
  await expect(moveBooking(verbs.ctx, { memberId, bookingId: id, start })).rejects.toMatchObject(over)
  await expect(moveBooking(verbs.ctx, { hostId, bookingId: id, start })).rejects.toMatchObject(over)
  expect(await rowOf(id)).toMatchObject({ state: 'created', outcome: 'unknown' })
  expect(await earnedFor(id)).toEqual([])
})

test('the database refuses a session that starts after its validity', async () => {
  const { id } = await session()
  await expect(
    rows.run('update bookings set valid_until = start_at where id = $1', [id]),
  ).rejects.toMatchObject({ code: '23514' })
})

test('a host who moves a session beyond its validity extends it', async () => {
  const { id } = await session({ hoursAhead: 48 })
  await rows.run('update bookings set valid_until = $2 where id = $1', [id, addHours(now(), 72)])
  const start = addDays(now(), 5)
  const moveTo = (by: 'host' | 'member') =>
    inTransaction(verbs.db, async (tx) =>
      recordTime(tx, (await lockBooking(tx, id))!, { event: 'moved', by, start, end: addMinutes(start, 10) }),
    )
  await expect(moveTo('member')).rejects.toMatchObject({ code: '23514' })
  await moveTo('host')
  expect(await rowOf(id)).toMatchObject({ state: 'created', startAt: start, validUntil: addDays(start, 7) })
})

test('an unused session of a disputed payment gets no time until the bank has decided', async () => {
  const memberId = await rows.member()
  const hostId = await rows.host()
  const id = await rows.sold({ memberId, hostId })
  const { purchaseId } = await rowOf(id)
  await verbs.db
    .insertInto('disputes')
    .values({
      id: newId(),
      purchaseId,
      disputeId: `dp_${id}`,
      amountCents: 1800,
      reason: 'general',
      status: 'open',
      openedAt: now(),
    })
    .execute()
  const scheduling = { memberId, hostId, bookingId: id, start: addDays(now(), 1) }
  await expect(scheduleBooking(verbs.ctx, scheduling)).rejects.toMatchObject({ code: 'conflict' })
  await verbs.db.updateTable('disputes').set({ status: 'won' }).where('purchaseId', '=', purchaseId).execute()
  // The host of these rows has no hours, so the next rule refuses.
  await expect(scheduleBooking(verbs.ctx, scheduling)).rejects.toMatchObject({ code: 'time_not_offered' })
})

test('of all rows, leaving one costs something only if its time was confirmed, near and not moved by the host', () => {
  const time = now()
  fc.assert(
    fc.property(
      fc.record({
        state: fc.constantFrom(...bookingStates),
        calendarStatus: fc.constantFrom(...calendarStatuses),
        outcome: fc.constantFrom(...outcomes, null),
        wasMovedByHost: fc.boolean(),
        minutesAhead: fc.integer({ min: -60, max: 60 * 48 }),
      }),
      ({ minutesAhead, ...row }) => {
        const startAt = addMinutes(time, minutesAhead)
        const isAhead = minutesAhead > 0
        const costs =
          isAhead && row.calendarStatus !== 'confirming' && !row.wasMovedByHost && minutesAhead < 12 * 60
        expect(isAhead && !canChangeForFree({ ...row, startAt }, time, 12)).toBe(costs)
        expect(waitsForOperator(row)).toBe(row.state === 'created' && row.outcome === 'unknown')
      },
    ),
  )
})
