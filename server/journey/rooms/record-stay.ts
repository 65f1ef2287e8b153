// Who entered and left, as intervals per person. Daily's events may come twice, late and in any order. Each
// stay is one row with the earliest entry and the latest leave, so the order does not matter.
import { sql } from 'kysely'
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { Stay } from './room.ts'

export type RoomStay = {
  roomName: string
  /** The id we gave the person's token: the member's or the host's. */
  personId: string | null
  stayId: string
  joinedAt: Date
  leftAt: Date | null
}

/** A settlement is tried this long after the last person left, because they may come back. */
export const graceSeconds = 30

/** All stays in the room of one attempt. */
export function readStays(db: Db | Tx, bookingId: string, attempt: number): Promise<Stay[]> {
  return db
    .selectFrom('attendance')
    .select(['role', 'joinedAt', 'leftAt'])
    .where('bookingId', '=', bookingId)
    .where('attempt', '=', attempt)
    .execute()
}

/** Records a stay that the video provider reported. Unknown rooms and people are ignored. */
export async function recordStay(ctx: Context, stay: RoomStay): Promise<void> {
  await inTransaction(ctx.db, (tx) => addStay(tx, stay))
}

/** The same within a transaction. Answers whether the stay belongs to somebody in this room. */
export async function addStay(tx: Tx, stay: RoomStay): Promise<boolean> {
  const room = await tx
    .selectFrom('rooms')
    .innerJoin('bookings', 'bookings.id', 'rooms.bookingId')
    .select([
      'rooms.bookingId',
      'rooms.attempt',
      'bookings.memberId',
      'bookings.hostId',
      'bookings.attempt as currentAttempt',
      'bookings.state',
    ])
    .where('rooms.name', '=', stay.roomName)
    .executeTakeFirst()
  const role =
    room && stay.personId === room.hostId
      ? 'host'
      : room && stay.personId === room.memberId
        ? 'member'
        : undefined
  if (!room || !role) return false
  const leftAt = stay.leftAt && stay.leftAt < stay.joinedAt ? stay.joinedAt : stay.leftAt
  await tx
    .insertInto('attendance')
    .values({
      id: newId(),
      bookingId: room.bookingId,
      attempt: room.attempt,
      role,
      stayId: stay.stayId,
      joinedAt: stay.joinedAt,
      leftAt,
    })
    .onConflict((conflict) =>
      conflict.column('stayId').doUpdateSet({
        joinedAt: sql`least(attendance.joined_at, excluded.joined_at)`,
        leftAt: sql`greatest(attendance.left_at, excluded.left_at)`,
      }),
    )
    .execute()
  if (room.attempt !== room.currentAttempt) return true
  const column = role === 'host' ? 'hostJoinedAt' : 'memberJoinedAt'
  const first = await tx
    .updateTable('bookings')
    .set({ [column]: stay.joinedAt })
    .where('id', '=', room.bookingId)
    .where('attempt', '=', room.attempt)
    .where('state', 'in', ['created', 'completed'])
    .where((eb) => eb.or([eb(column, 'is', null), eb(column, '>', stay.joinedAt)]))
    .executeTakeFirst()
  if (first.numUpdatedRows === 1n) await recordChanged(tx, 'Presence Operations', room.bookingId)
  if (leftAt && room.state === 'created') {
    await enqueue(
      tx,
      'settle-session',
      { bookingId: room.bookingId, attempt: room.attempt },
      { at: new Date(now().getTime() + graceSeconds * 1000) },
    )
  }
  await announce(tx, { topics: ['bookings', 'host'], memberId: room.memberId, hostId: room.hostId })
  return true
}
