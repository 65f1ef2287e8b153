// Visits end by our clock: one of them, those that nobody has heard of, or all when the room closes.
import type { Selectable } from 'kysely'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import type { Visits } from '../../db/schema.generated.ts'
import { now, toRealTime } from '../../lib/time.ts'
import { addStay } from './record-stay.ts'
import { stayIdOf, type VisitEnd, visitEndedAt } from './visit.ts'

export type VisitRow = Selectable<Visits>
export type RoomOfVisit = { name: string; closesAt: Date; memberId: string; hostId: string }

/** The room of one attempt with its two people, locked, so that acts in one room follow one another. */
export async function lockRoom(
  tx: Tx,
  bookingId: string,
  attempt: number,
): Promise<(RoomOfVisit & { status: string }) | undefined> {
  return tx
    .selectFrom('rooms')
    .innerJoin('bookings', 'bookings.id', 'rooms.bookingId')
    .select(['rooms.name', 'rooms.closesAt', 'rooms.status', 'bookings.memberId', 'bookings.hostId'])
    .where('rooms.bookingId', '=', bookingId)
    .where('rooms.attempt', '=', attempt)
    .forNoKeyUpdate('rooms')
    .executeTakeFirst()
}

export async function endVisit(tx: Tx, visit: VisitRow, room: RoomOfVisit, endedBy: VisitEnd): Promise<void> {
  const endedAt = visitEndedAt(visit, { now: now(), realNow: toRealTime(now()) }, room.closesAt)
  const ended = await tx
    .updateTable('visits')
    .set({ endedAt, endedBy })
    .where('id', '=', visit.id)
    .where('endedAt', 'is', null)
    // Unless it has just been heard of again.
    .$if(endedBy === 'lost', (still) => still.where('thereUntil', '<', toRealTime(now())))
    .executeTakeFirst()
  if (ended.numUpdatedRows !== 1n) return
  const personId = visit.role === 'host' ? room.hostId : room.memberId
  const isThere = await addStay(tx, {
    roomName: room.name,
    personId,
    stayId: stayIdOf(visit),
    joinedAt: visit.joinedAt,
    leftAt: endedAt,
  })
  if (isThere) await announce(tx, { topics: ['signals'], memberId: room.memberId, hostId: room.hostId })
}

/** Ends the visits in one locked room that have been silent for too long. */
export async function endLostVisits(
  tx: Tx,
  bookingId: string,
  attempt: number,
  room: RoomOfVisit,
): Promise<void> {
  const lost = await tx
    .selectFrom('visits')
    .selectAll()
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .where('endedAt', 'is', null)
    .where('thereUntil', '<', toRealTime(now()))
    .execute()
  for (const visit of lost) await endVisit(tx, visit, room, 'lost')
}

/** Ends all visits, because the room closes. */
export async function closeVisits(tx: Tx, bookingId: string, attempt: number): Promise<void> {
  const room = await lockRoom(tx, bookingId, attempt)
  if (!room) return
  const open = await tx
    .selectFrom('visits')
    .selectAll()
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .where('endedAt', 'is', null)
    .execute()
  for (const visit of open) await endVisit(tx, visit, room, 'closed')
}

/**
 * Whether anybody is in this room by our own records. Visits that were silent for too long are ended first.
 */
export async function isAnybodyIn(db: Db, bookingId: string, attempt: number): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const room = await lockRoom(tx, bookingId, attempt)
    if (room) await endLostVisits(tx, bookingId, attempt, room)
    const open = await tx
      .selectFrom('visits')
      .select('id')
      .where('bookingId', '=', bookingId)
      .where('attempt', '=', attempt)
      .where('endedAt', 'is', null)
      .executeTakeFirst()
    return open !== undefined
  })
}

/**
 * For reconciliation: ends lost visits in rooms where nobody else asks about them, and deletes old signals.
 */
export async function reconcileVisits(db: Db): Promise<void> {
  const rooms = await db
    .selectFrom('visits')
    .select(['bookingId', 'attempt'])
    .distinct()
    .where('endedAt', 'is', null)
    .where('thereUntil', '<', toRealTime(now()))
    .orderBy('bookingId')
    .orderBy('attempt')
    .limit(500)
    .execute()
  for (const { bookingId, attempt } of rooms) await isAnybodyIn(db, bookingId, attempt)
  await db.deleteFrom('signals').where('expiresAt', '<=', toRealTime(now())).execute()
}
