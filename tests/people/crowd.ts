// Many signed-in members, each with a paid session, written directly into the database, since their sign-ins
// and payments are not under test.
import { createHmac, randomBytes } from 'node:crypto'
import pg from 'pg'
import { plans } from '../../server/journey/plans/plan.ts'
import { newId } from '../../server/lib/ids.ts'
import { addDays } from '../../server/lib/time.ts'

export type Crowd = { memberId: string; bookingId: string; cookie: string }[]

type Place = { databaseUrl: string; authSecret: string; hostId: string; at: Date; timeZone?: string }

/** `count` members, each with one paid single session with the host and no time yet. */
export async function crowdOf(
  count: number,
  { databaseUrl, authSecret, hostId, at, timeZone = 'Pacific/Auckland' }: Place,
): Promise<Crowd> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  // A range of numbers for each crowd, because random single ones would collide now and then.
  const firstNumber = 10_000_000 + Math.floor(Math.random() * 80_000_000)
  const rows = Array.from({ length: count }, (_, index) => ({
    person_id: newId(),
    member_id: newId(),
    sign_in_id: newId(),
    purchase_id: newId(),
    booking_id: newId(),
    token: randomBytes(24).toString('base64url'),
    charge_id: `ch_${randomBytes(12).toString('hex')}`,
    number: `+6149${firstNumber + index}`,
    email: `${newId()}@people.presence.invalid`,
  }))
  const given = `json_to_recordset($1::json) as row(person_id uuid, member_id uuid, sign_in_id uuid, purchase_id uuid, booking_id uuid, token text, charge_id text, number text, email text)`
  const text = JSON.stringify(rows)
  const terms = JSON.stringify(plans.Adhoc)
  try {
    await client.query('begin')
    await client.query(
      `insert into people (id, name, email, email_verified, mobile_number, mobile_number_verified, created_at, updated_at)
      select person_id, '', email, false, number, true, $2, $2 from ${given}`,
      [text, at],
    )
    await client.query(
      `insert into members (id, person_id, full_name, mobile_number, time_zone, created_at, last_active_at)
      select member_id, person_id, 'Crowd Member', number, $3, $2, $2 from ${given}`,
      [text, at, timeZone],
    )
    await client.query(
      `insert into sign_ins (id, person_id, token, expires_at, created_at, updated_at)
      select sign_in_id, person_id, token, $3, $2, $2 from ${given}`,
      [text, at, addDays(at, 30)],
    )
    await client.query(
      `insert into purchases (id, member_id, host_id, plan, terms, amount_cents, currency, status, charge_id, created_at, paid_at)
      select purchase_id, member_id, $3, 'Adhoc', $4, 1800, 'AUD', 'paid', charge_id, $2, $2 from ${given}`,
      [text, at, hostId, terms],
    )
    await client.query(
      `insert into bookings (id, purchase_id, position, member_id, host_id, state, valid_until, amount_cents, host_cents, platform_cents, created_at)
      select booking_id, purchase_id, 1, member_id, $3, 'pending', $4, 1800, 1206, 594, $2 from ${given}`,
      [text, at, hostId, addDays(at, 30)],
    )
    await client.query('commit')
  } finally {
    await client.end()
  }
  return rows.map(({ member_id: memberId, booking_id: bookingId, token }) => ({
    memberId,
    bookingId,
    cookie: cookieOf(token, authSecret),
  }))
}

/** A sign-in's cookie as the server signs it. */
function cookieOf(token: string, authSecret: string): string {
  const signature = createHmac('sha256', authSecret).update(token).digest('base64')
  return `presence.session_token=${encodeURIComponent(`${token}.${signature}`)}`
}
