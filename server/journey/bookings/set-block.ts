// Two people are kept apart: they never see, like, book or remind each other again, until an operator lifts
// it. Sessions ahead of them are ended by us: given back with more time and the offer of a refund.
import { sql } from 'kysely'
import { eachAlone } from '../../calls/each-alone.ts'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import { areBlocked, type Pair } from '../members/find-blocked.ts'
import { releaseReservation } from '../times/reserve-time.ts'
import { type BookingRow, changeBooking, lockBooking } from './change-booking.ts'
import { lockCalendars } from './lock-calendars.ts'
import type { Role } from './participant.ts'

/** Locks both calendars, so call it before any row is locked. A pair that is kept apart already stays so. */
export async function setBlock(tx: Tx, pair: Pair, setBy: Role): Promise<void> {
  await lockCalendars(tx, pair)
  await tx
    .insertInto('blocks')
    .values({ id: newId(), hostId: pair.hostId, memberId: pair.memberId, setBy, createdAt: now() })
    .onConflict((conflict) =>
      conflict.columns(['hostId', 'memberId']).where('liftedAt', 'is', null).doNothing(),
    )
    .execute()
  await forgetPair(tx)
  for (const { id } of await findMeetings(tx, pair)) {
    const booking = await lockBooking(tx, id)
    if (booking && isAhead(booking)) await changeBooking(tx, booking, 'ended_by_us')
  }
  await announce(tx, { topics: ['bookings', 'likes', 'hosts'], memberId: pair.memberId })
  await announce(tx, { topics: ['host', 'likes'], hostId: pair.hostId })
  await announce(tx, { topics: ['ops'], forOperators: true })
}

/** Whether nobody has come to it: what has begun is settled by its report or by its rules. */
export function isAhead(booking: BookingRow): boolean {
  return (
    booking.state === 'created' &&
    booking.outcome === null &&
    now() < booking.startAt! &&
    !booking.hostJoinedAt &&
    !booking.memberJoinedAt
  )
}

/** For reconciliation: a session ahead of two who became a blocked pair later, as by a host's new number. */
export async function endBlockedMeetings(db: Db): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from bookings where state = 'created' and start_at > ${now()} and outcome is null
      and ${areBlocked(sql.ref('bookings.host_id'), sql.ref('bookings.member_id'))}`.execute(db)
  await eachAlone(db, rows, {
    kind: 'end-blocked-meeting',
    keyOf: ({ id }) => id,
    act: ({ id }) =>
      inTransaction(db, async (tx) => {
        const booking = await lockBooking(tx, id)
        if (booking && isAhead(booking)) await changeBooking(tx, booking, 'ended_by_us')
      }),
    isFree: true,
    taskFor: ({ id }, lastError) => ({
      kind: 'job_failed',
      bookingId: id,
      sentence: `Two people are kept apart, and their session ahead could not be ended: ${lastError}.`,
    }),
  })
}

async function findMeetings(tx: Tx, pair: Pair): Promise<{ id: string }[]> {
  const { rows } = await sql<{ id: string }>`
    select id from bookings where state = 'created'
      and (host_id = ${pair.hostId}::uuid or member_id = ${pair.memberId}::uuid)
      and ${areBlocked(sql.ref('bookings.host_id'), sql.ref('bookings.member_id'))} order by id`.execute(tx)
  return rows
}

/** Likes, reservations and waiting messages of blocked pairs end with the block. */
async function forgetPair(tx: Tx): Promise<void> {
  const { rows: likes } = await sql<Pair>`
    update likes set host_liked_at = null, member_liked_at = null
    where (host_liked_at is not null or member_liked_at is not null)
      and ${areBlocked(sql.ref('likes.host_id'), sql.ref('likes.member_id'))}
    returning host_id as "hostId", member_id as "memberId"`.execute(tx)
  for (const { hostId, memberId } of likes) await recordChanged(tx, 'Likes', `${hostId}:${memberId}`)
  const { rows: reserved } = await sql<{ bookingId: string }>`
    select booking_id as "bookingId" from slot_reservations join bookings on bookings.id = booking_id
    where ${areBlocked(sql.ref('slot_reservations.host_id'), sql.ref('bookings.member_id'))}`.execute(tx)
  for (const { bookingId } of reserved) await releaseReservation(tx, bookingId)
  await sql`
    update messages set status = 'dropped', failure = 'the two are kept apart'
    where status = 'waiting' and template not in ('Session Cancelled', 'Session Ended')
      and ${areBlocked(sql.ref('messages.host_id'), sql.ref('messages.member_id'))}`.execute(tx)
}
