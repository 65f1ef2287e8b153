// When a service was last heard. Silence while others are busy is how a wrong webhook secret looks.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { addDays, now } from '../../lib/time.ts'
import { type ConnectionLine, type ConnectionProvider, linesOf } from './connection.ts'

type Heard = Exclude<ConnectionProvider, 'presence'>

/** A service that has been called for a week and never answered by webhook has a wrong secret or address. */
const silentDays = 7

export async function findHeard(
  db: Db,
  provider: Heard,
  calls: 'checkouts' | 'texts' | 'bookings' | 'rooms' | 'edits',
  secretName: string,
): Promise<ConnectionLine> {
  const { ok, failing, notice } = linesOf(provider)
  const { rows } = await sql<{ heardAt: Date | null; usedAt: Date | null }>`
    select (select max(received_at) from webhook_events where provider = ${provider}) as heard_at,
      ${usage[calls]} as used_at`.execute(db)
  const { heardAt, usedAt } = rows[0]!
  const name = 'last heard'
  const since = addDays(now(), -silentDays)
  if (!heardAt && !usedAt) return ok(name, 'Nothing to hear of yet')
  if (heardAt && (heardAt >= since || !usedAt || usedAt < since))
    return ok(name, `On ${heardAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`)
  // What was begun a moment ago may not have been told of yet.
  if (usedAt && usedAt > addDays(now(), -1 / 24)) return ok(name, 'It was used a moment ago')
  const last = heardAt ? `since ${heardAt.toISOString().slice(0, 10)}` : 'ever'
  if (calls === 'texts' || calls === 'edits')
    return notice(
      name,
      `No webhook ${last}`,
      `Compare PUBLIC_URL with what the service calls, and ${secretName}.`,
    )
  return failing(
    name,
    'silent',
    `No webhook ${last}, although it was used`,
    `Compare ${secretName} with the secret of the webhook, and PUBLIC_URL with its address.`,
  )
}

const usage = {
  checkouts: sql`(select max(paid_at) from purchases)`,
  texts: sql`(select max(sent_at) from messages)`,
  bookings: sql`(select max(created_at) from bookings where cal_booking_uid is not null)`,
  rooms: sql`(select max(joined_at) from attendance)`,
  edits: sql`null::timestamptz`,
}
