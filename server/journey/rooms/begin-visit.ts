// Somebody enters a room of our own. A person has one seat: a page they have open elsewhere is told that it
// was replaced.
import { inTransaction } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { now, toRealTime } from '../../lib/time.ts'
import type { Role } from '../bookings/participant.ts'
import type { Context } from '../context.ts'
import { endLostVisits, endVisit, lockRoom } from './end-visit.ts'
import { addStay } from './record-stay.ts'
import { goneAfterSeconds, stayIdOf } from './visit.ts'

/** Until when a browser that has just been heard of counts as present, on real time. */
export const thereUntil = () => new Date(toRealTime(now()).getTime() + goneAfterSeconds * 1000)

/** Answers the visit's id. Refuses with session_over if the room has closed meanwhile. */
export async function beginVisit(
  ctx: Context,
  bookingId: string,
  attempt: number,
  role: Role,
): Promise<string> {
  return inTransaction(ctx.db, async (tx) => {
    const room = await lockRoom(tx, bookingId, attempt)
    const time = now()
    if (!room || room.status !== 'active' || time >= room.closesAt)
      throw new Refusal('session_over', 'This session is over.')
    await endLostVisits(tx, bookingId, attempt, room)
    const before = await tx
      .selectFrom('visits')
      .selectAll()
      .where('bookingId', '=', bookingId)
      .where('attempt', '=', attempt)
      .where('role', '=', role)
      .where('endedAt', 'is', null)
      .executeTakeFirst()
    if (before) await endVisit(tx, before, room, 'replaced')
    const visit = { id: newId(), stays: 1 }
    await tx
      .insertInto('visits')
      .values({ ...visit, bookingId, attempt, role, joinedAt: time, seenAt: time, thereUntil: thereUntil() })
      .execute()
    const personId = role === 'host' ? room.hostId : room.memberId
    await addStay(tx, {
      roomName: room.name,
      personId,
      stayId: stayIdOf(visit),
      joinedAt: time,
      leftAt: null,
    })
    return visit.id
  })
}
