// Step 5 for many at once: ten thousand sessions of one minute are opened in a few transactions. The first
// process opens what is due, and the jobs of the others find it done.
import { sql } from 'kysely'
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue, enqueueAll } from '../../db/jobs.ts'
import { announceAll } from '../../db/live.ts'
import { recordsChanged } from '../../db/record-changes.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

const maxConcurrent = 200

/** Opens every room that was made ahead and is due. */
export async function openDueRooms(ctx: Context): Promise<void> {
  while ((await inTransaction(ctx.db, openSome)) === maxConcurrent) continue
}

async function openSome(tx: Tx): Promise<number> {
  const time = now()
  const due = await tx
    .selectFrom('rooms')
    .select(['bookingId', 'attempt'])
    .where('status', '=', 'not_created')
    .where('opensAt', '<=', time)
    .where('closesAt', '>', time)
    .where('url', 'is not', null)
    .orderBy('opensAt')
    .limit(maxConcurrent)
    .forUpdate()
    .skipLocked()
    .execute()
  await openRooms(tx, due)
  return due.length
}

type RoomKey = { bookingId: string; attempt: number }

/** Opens these rooms and tells their people. A room whose attempt is over is closed instead. */
export async function openRooms(tx: Tx, rooms: RoomKey[]): Promise<void> {
  if (rooms.length === 0) return
  const keys = sql`(select * from unnest(${rooms.map((room) => room.bookingId)}::uuid[], ${rooms.map((room) => room.attempt)}::integer[]) as due(booking_id, attempt))`
  const { rows: opened } = await sql<RoomKey>`
    update rooms set status = 'active' from ${keys} due
    where rooms.booking_id = due.booking_id and rooms.attempt = due.attempt and rooms.status = 'not_created'
    returning rooms.booking_id, rooms.attempt`.execute(tx)
  const { rows: current } = await sql<RoomKey & { endAt: Date; memberId: string; hostId: string }>`
    update bookings set room_status = 'active' from ${keys} due
    where bookings.id = due.booking_id and bookings.attempt = due.attempt and bookings.state = 'created' and bookings.outcome is distinct from 'unknown'
      and bookings.id = any(${opened.map((room) => room.bookingId)}::uuid[])
    returning bookings.id as booking_id, bookings.attempt, bookings.end_at, bookings.member_id, bookings.host_id`.execute(
    tx,
  )
  const standing = new Set(current.map((booking) => booking.bookingId))
  // The booking was cancelled or moved in this moment.
  for (const { bookingId, attempt } of opened)
    if (!standing.has(bookingId)) await enqueue(tx, 'close-room', { bookingId, attempt })
  // Messages to people who have just paid or booked go before these reminders, which may be thousands.
  await enqueueAll(
    tx,
    'send-message',
    current.flatMap(({ bookingId, attempt, endAt }) =>
      (['member', 'host'] as const).map((recipient) => ({
        key: `reminder:${bookingId}:${attempt}:${recipient}`,
        template: 'Session Reminder',
        recipient,
        bookingId,
        attempt,
        usefulUntil: endAt.toISOString(),
      })),
    ),
    { isPatient: true },
  )
  await recordsChanged(
    tx,
    'Presence Operations',
    current.map((booking) => booking.bookingId),
  )
  await announceAll(
    tx,
    current.map(({ memberId, hostId }) => ({ topics: ['bookings', 'host'], memberId, hostId })),
  )
}
