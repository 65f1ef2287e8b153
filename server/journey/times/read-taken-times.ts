// What stands in the way of a new session: live bookings, entries of imported calendars, and reservations.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import type { BusyTime, Reservation } from './availability.ts'

export type TakenTimes = { busy: BusyTime[]; reservations: Reservation[] }
type Row = {
  hostId: string
  kind: 'booking' | 'external' | 'reservation'
  startAt: Date
  endAt: Date
  bookingId: string | null
  releaseAt: Date | null
}

/** What lies between two moments, for each host in their order. One query for any number of hosts. */
export async function readTakenTimes(
  db: Db,
  hosts: { id: string; bufferBeforeMinutes: number; bufferAfterMinutes: number }[],
  range: { from: Date; to: Date; exceptBookingId?: string | undefined },
): Promise<TakenTimes[]> {
  const ids = hosts.map((host) => host.id)
  const { rows } = await sql<Row>`
    select host_id as "hostId", 'booking' as kind, start_at as "startAt", end_at as "endAt", id as "bookingId", null::timestamptz as "releaseAt"
    from bookings where host_id = any(${ids}::uuid[]) and state = 'created' and end_at > ${range.from} and start_at < ${range.to}
    union all
    select host_id, 'external', start_at, end_at, null, null
    from busy_times where host_id = any(${ids}::uuid[]) and end_at > ${range.from} and start_at < ${range.to}
    union all
    select host_id, 'reservation', start_at, end_at, booking_id, release_at
    from slot_reservations where host_id = any(${ids}::uuid[]) and release_at > ${now()} and end_at > ${range.from} and start_at < ${range.to}`.execute(
    db,
  )
  const byHost = Map.groupBy(rows, (row) => row.hostId)
  return hosts.map((host) => takenOf(host, byHost.get(host.id) ?? [], range.exceptBookingId))
}

function takenOf(
  host: { bufferBeforeMinutes: number; bufferAfterMinutes: number },
  rows: Row[],
  ownBookingId: string | undefined,
): TakenTimes {
  const taken: TakenTimes = { busy: [], reservations: [] }
  for (const { kind, startAt: start, endAt: end, bookingId, releaseAt } of rows) {
    const isOwn = ownBookingId !== undefined && bookingId === ownBookingId
    if (kind === 'reservation')
      taken.reservations.push({ owner: isOwn ? 'self' : 'other', start, end, releaseAt: releaseAt! })
    else if (kind === 'external') taken.busy.push({ kind, start, end })
    else if (!isOwn)
      taken.busy.push({
        kind,
        start,
        end,
        bufferBeforeMinutes: host.bufferBeforeMinutes,
        bufferAfterMinutes: host.bufferAfterMinutes,
      })
  }
  return taken
}
