// Minimal rows for tests of the database's own constraints, written straight into a fresh database.
import pg from 'pg'
import { newId } from '../../server/lib/ids.ts'
import { plans, type PlanType } from '../../server/journey/plans/plan.ts'
import { minuteMs } from '../../server/lib/time.ts'

export type Rows = Awaited<ReturnType<typeof openRows>>

export const baseTime = new Date('2030-05-01T00:00:00Z')
export const minutesLater = (minutes: number) => new Date(baseTime.getTime() + minutes * minuteMs)

export async function openRows(databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 })
  pool.on('error', () => undefined)
  const run = async <Row = Record<string, unknown>>(sql: string, values: unknown[] = []) =>
    (await pool.query(sql, values)).rows as Row[]
  let numbers = 0

  const member = async () => {
    const id = newId()
    await run(
      `insert into members (id, full_name, mobile_number, time_zone, created_at, last_active_at) values ($1, 'Sam Rivers', $2, 'UTC', $3, $3)`,
      [id, `+6140000${String(++numbers).padStart(4, '0')}`, baseTime],
    )
    return id
  }
  const host = async () => {
    const id = newId()
    await run(
      `insert into hosts (id, airtable_record_id, full_name, time_zone, verification_status, status, created_at, updated_at)
      values ($1, $2, 'Ruby Tamihana', 'UTC', 'Verified', 'Active', $3, $3)`,
      [id, `rec${id}`, baseTime],
    )
    return id
  }
  const purchase = async (people: { memberId: string; hostId: string }, plan: PlanType = 'Adhoc') => {
    const id = newId()
    await run(
      `insert into purchases (id, member_id, host_id, plan, terms, amount_cents, currency, status, charge_id, created_at, paid_at)
      values ($1, $2, $3, $4, $5, $6, 'AUD', 'paid', $7, $8, $8)`,
      [
        id,
        people.memberId,
        people.hostId,
        plan,
        JSON.stringify(plans[plan]),
        plans[plan].priceCents,
        `ch_${id}`,
        baseTime,
      ],
    )
    return id
  }
  type NewBooking = {
    purchaseId: string
    memberId: string
    hostId: string
    position?: number
    state?: string
    start?: Date | null
    minutes?: number
  }
  const booking = async (facts: NewBooking) => {
    const id = newId()
    const start = facts.start ?? null
    const end = start && new Date(start.getTime() + (facts.minutes ?? 10) * minuteMs)
    await run(
      `insert into bookings (id, purchase_id, position, member_id, host_id, state, start_at, end_at, valid_until, amount_cents, host_cents, platform_cents, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1800, 1206, 594, $10)`,
      [
        id,
        facts.purchaseId,
        facts.position ?? 1,
        facts.memberId,
        facts.hostId,
        facts.state ?? (start ? 'created' : 'pending'),
        start,
        end,
        minutesLater(43_200),
        baseTime,
      ],
    )
    return id
  }
  return {
    run,
    pool,
    member,
    host,
    purchase,
    booking,
    /** A booking with its own purchase. */
    sold: async (
      people: { memberId: string; hostId: string },
      facts: { state?: string; start?: Date | null; minutes?: number } = {},
    ) => booking({ purchaseId: await purchase(people), ...people, ...facts }),
    close: () => pool.end(),
  }
}
