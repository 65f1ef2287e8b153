// A browser in a room of our own reports that it is there or that it leaves. The answer says how the other
// person stands, and carries their signals. Any process can answer: all of it is in the database.
import { sql } from 'kysely'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { notFound } from '../../lib/errors.ts'
import { now, toRealTime } from '../../lib/time.ts'
import { otherOf, type Participant, roleOf } from '../bookings/participant.ts'
import type { Context } from '../context.ts'
import { thereUntil } from './begin-visit.ts'
import { endVisit, isAnybodyIn, lockRoom, type RoomOfVisit, type VisitRow } from './end-visit.ts'
import { addStay } from './record-stay.ts'
import { otherState, stayIdOf, type VisitState } from './visit.ts'
import type { VisitAnswer } from './visit-view.ts'

const maxSignals = 200

/** The visit of this person. Refuses with not_found, also for somebody else's. */
export async function ownVisit(
  db: Db | Tx,
  who: Participant,
  bookingId: string,
  visitId: string,
): Promise<VisitRow> {
  const visit = await db
    .selectFrom('visits')
    .innerJoin('bookings', 'bookings.id', 'visits.bookingId')
    .selectAll('visits')
    .select(['bookings.memberId', 'bookings.hostId'])
    .where('visits.id', '=', visitId)
    .where('visits.bookingId', '=', bookingId)
    .executeTakeFirst()
  if (!visit || roleOf(visit, who) !== visit.role) throw notFound('session')
  return visit
}

/** `after` is the last signal that has arrived. Earlier ones are deleted. */
export async function recordVisit(
  ctx: Context,
  who: Participant,
  bookingId: string,
  visitId: string,
  said: { after: number; isLeaving: boolean },
): Promise<VisitAnswer> {
  const { db } = ctx
  const visit = await ownVisit(db, who, bookingId, visitId)
  // Thousands of pages report every few seconds that nothing has changed. That takes no lock.
  const isAsBefore = !said.isLeaving && (await renew(db, visit))
  const state = isAsBefore ? 'in' : await inTransaction(db, (tx) => change(tx, who, visit, said.isLeaving))
  if (state !== 'in') return { state, other: null, signals: [] }
  if (said.after > 0)
    await db.deleteFrom('signals').where('toVisit', '=', visitId).where('id', '<=', said.after).execute()
  // Signals are read before the other's visit, so that each of them comes from a visit that is known.
  const signals = await db
    .selectFrom('signals')
    .select(['id', 'fromVisit as from', 'number', 'body'])
    .where('toVisit', '=', visitId)
    .where('id', '>', said.after)
    .orderBy('id')
    .limit(maxSignals)
    .execute()
  let other = await otherVisit(db, visit)
  if (other && other.endedBy === null && other.thereUntil < toRealTime(now())) {
    await isAnybodyIn(db, bookingId, visit.attempt)
    other = await otherVisit(db, visit)
  }
  return {
    state,
    other: other
      ? { visitId: other.id, state: otherState(other.endedBy), cameFirst: other.id < visit.id }
      : null,
    signals,
  }
}

/** Renews a visit that goes on in an open room; false if anything else is the case. */
async function renew(db: Db, visit: VisitRow): Promise<boolean> {
  const renewed = await db
    .updateTable('visits')
    .from('rooms')
    .set({ seenAt: now(), thereUntil: thereUntil() })
    .where('visits.id', '=', visit.id)
    .where('visits.endedAt', 'is', null)
    .whereRef('rooms.bookingId', '=', 'visits.bookingId')
    .whereRef('rooms.attempt', '=', 'visits.attempt')
    .where('rooms.status', '=', 'active')
    .where('rooms.closesAt', '>', now())
    .executeTakeFirst()
  return renewed.numUpdatedRows === 1n
}

async function change(
  tx: Tx,
  who: Participant,
  { id, bookingId, attempt }: VisitRow,
  isLeaving: boolean,
): Promise<VisitState> {
  const room = await lockRoom(tx, bookingId, attempt)
  const visit = await ownVisit(tx, who, bookingId, id)
  if (!room) throw notFound('session')
  if (visit.endedBy !== null && visit.endedBy !== 'lost') return visit.endedBy
  const hasClosed = room.status === 'ended' || now() >= room.closesAt
  if (visit.endedBy === 'lost') {
    if (hasClosed) return 'closed'
    return isLeaving ? 'left' : comeBack(tx, visit, room)
  }
  if (!hasClosed && !isLeaving) return 'in'
  const endedBy = hasClosed ? 'closed' : 'left'
  await endVisit(tx, visit, room, endedBy)
  return endedBy
}

/**
 * A visit that comes back after a silence goes on with another stay, unless the person has joined from
 * another device.
 */
async function comeBack(tx: Tx, visit: VisitRow, room: RoomOfVisit): Promise<VisitState> {
  const taken = await tx
    .selectFrom('visits')
    .select('id')
    .where('bookingId', '=', visit.bookingId)
    .where('attempt', '=', visit.attempt)
    .where('role', '=', visit.role)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  if (taken) return 'replaced'
  const again = { id: visit.id, stays: visit.stays + 1 }
  const time = now()
  await tx
    .updateTable('visits')
    .set({
      endedAt: null,
      endedBy: null,
      stays: again.stays,
      joinedAt: time,
      seenAt: time,
      thereUntil: thereUntil(),
    })
    .where('id', '=', visit.id)
    .execute()
  const personId = visit.role === 'host' ? room.hostId : room.memberId
  await addStay(tx, { roomName: room.name, personId, stayId: stayIdOf(again), joinedAt: time, leftAt: null })
  return 'in'
}

function otherVisit(db: Db, visit: VisitRow) {
  return (
    db
      .selectFrom('visits')
      .select(['id', 'endedBy', 'thereUntil'])
      .where('bookingId', '=', visit.bookingId)
      .where('attempt', '=', visit.attempt)
      .where('role', '=', otherOf(visit.role))
      // Those who are there come first, whatever the clocks of two processes say. Ids sort by time.
      .orderBy(sql`ended_at is null`, 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
  )
}
