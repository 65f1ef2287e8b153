// Paid sessions inserted into the database, and scheduled as the product does.
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { inTransaction, openDatabase } from '../server/db/client.ts'
import { readClock } from '../server/db/clock.ts'
import { openQueue } from '../server/jobs/queue.ts'
import { changeBooking, lockBooking } from '../server/journey/bookings/change-booking.ts'
import { plans } from '../server/journey/plans/plan.ts'
import { newId } from '../server/lib/ids.ts'
import { addDays, addMinutes } from '../server/lib/time.ts'

/**
 * Inserts members and hosts in pairs, each with one paid session that has no time yet. Answers the bookings.
 */
export async function insertPaidSessions(client: pg.Client, count: number, at: Date): Promise<string[]> {
  const first = Math.floor(Math.random() * 50_000_000)
  const rows = Array.from({ length: count }, (_, index) => ({
    member_id: newId(),
    host_id: newId(),
    purchase_id: newId(),
    booking_id: newId(),
    charge_id: `ch_${randomBytes(12).toString('hex')}`,
    member: `+6148${10_000_000 + first + index}`,
    host: `+6147${10_000_000 + first + index}`,
  }))
  const given =
    'json_to_recordset($1::json) as row(member_id uuid, host_id uuid, purchase_id uuid, booking_id uuid, charge_id text, member text, host text)'
  const text = JSON.stringify(rows)
  const validUntil = addDays(at, 30)
  await client.query(
    `insert into members (id, full_name, mobile_number, time_zone, created_at, last_active_at)
    select member_id, 'Crowd Member', member, 'Australia/Sydney', $2, $2 from ${given}`,
    [text, at],
  )
  await client.query(
    `insert into hosts (id, airtable_record_id, full_name, mobile_number, time_zone, verification_status, status, created_at, updated_at)
    select host_id, 'rec' || host_id, 'Crowd Host', host, 'Australia/Sydney', 'Verified', 'Inactive', $2, $2 from ${given}`,
    [text, at],
  )
  await client.query(
    `insert into purchases (id, member_id, host_id, plan, terms, amount_cents, currency, status, charge_id, created_at, paid_at)
    select purchase_id, member_id, host_id, 'Adhoc', $3, 1800, 'AUD', 'paid', charge_id, $2, $2 from ${given}`,
    [text, at, JSON.stringify(plans.Adhoc)],
  )
  await client.query(
    `insert into bookings (id, purchase_id, position, member_id, host_id, state, valid_until, amount_cents, host_cents, platform_cents, created_at)
    select booking_id, purchase_id, 1, member_id, host_id, 'pending', $3, 1800, 1206, 594, $2 from ${given}`,
    [text, at, validUntil],
  )
  return rows.map((row) => row.booking_id)
}

/** Schedules each booking as the product does, with the jobs that follow. */
export async function schedule(databaseUrl: string, bookings: string[], start: Date): Promise<void> {
  const db = openDatabase(databaseUrl, 8)
  await readClock(db)
  const boss = await openQueue(databaseUrl, false)
  const waiting = bookings.values()
  const set = {
    startAt: start,
    endAt: addMinutes(start, 10),
    attempt: 1,
    calendar: 'builtin',
    calendarStatus: 'confirmed',
  } as const
  try {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const id of waiting)
          await inTransaction(
            db,
            async (tx) => void (await changeBooking(tx, (await lockBooking(tx, id))!, 'scheduled', { set })),
          )
      }),
    )
  } finally {
    await boss.stop({ graceful: false })
    await db.destroy()
  }
}
