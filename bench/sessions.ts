// Many sessions that start in the same minute: their rooms, made ahead at the pace that Daily allows, and
// their reminders as the rooms open. Members, hosts and payments are put into the database; everything after
// that is the product.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openDatabase, inTransaction } from '../server/db/client.ts'
import { readClock } from '../server/db/clock.ts'
import { openQueue } from '../server/jobs/queue.ts'
import { changeBooking, lockBooking } from '../server/journey/bookings/change-booking.ts'
import { plans } from '../server/journey/plans/plan.ts'
import { newId } from '../server/lib/ids.ts'
import { clockNow, moveClock } from '../world/outside.ts'
import type { World } from '../world/person.ts'
import { openTwilio } from '../server/integrations/twilio.ts'
import { type Line, milliseconds, percentile, times } from './line.ts'
import { addDays, addMinutes, minuteMs } from '../server/lib/time.ts'

const patienceMs = 60 * minuteMs
type Place = World & { databaseUrl: string }

/** `count` sessions twice: once with Daily and Twilio as strict as they are, once without their limits. */
export async function measureSessions(world: Place, count: number): Promise<Line[]> {
  const strict = await sessionsOfOneMinute(world, count, true)
  const free = await sessionsOfOneMinute(world, count, false)
  const bareMs = await bareSms(world, 2 * count)
  const aheadAllowedMs = 45 * minuteMs
  return [
    {
      name: `${count.toLocaleString('en')} sessions that start in the same minute, with the limits of Daily and Twilio`,
      measured: `rooms made ahead in ${milliseconds(strict.madeMs)}; open in ${milliseconds(strict.openedMs)} and reminders out ${milliseconds(strict.remindedMs)} after the opening; ${strict.missed} missed, ${strict.doubled} doubled`,
      values: strict,
      aim: 'everything before the start: rooms within the 45 minutes there are, reminders within 15; none missed, none doubled',
      ratio: `at this pace ${Math.floor((count / strict.madeMs) * aheadAllowedMs).toLocaleString('en')} rooms are ready in the 45 minutes, and ${Math.floor((count / strict.remindedMs) * 15 * minuteMs).toLocaleString('en')} sessions are reminded in the 15`,
    },
    {
      name: 'the same without limits: how late a room opens and a reminder goes out',
      measured: `rooms p99 ${milliseconds(free.roomLateP99Ms)}, reminders p99 ${milliseconds(free.reminderLateP99Ms)}; ${free.missed} missed, ${free.doubled} doubled`,
      values: { ...free, bareMs },
      aim: 'p99 under 5 s',
      ratio: `${times(free.reminderLateP99Ms, bareMs)} a loop that sends as many SMS with Twilio's SDK, ${bareAtOnce} at once, and does nothing else (${milliseconds(bareMs)})`,
    },
  ]
}

const bareAtOnce = 64

/** How long `count` SMS take that nobody composes, records or asks to hear of. */
async function bareSms(world: Place, count: number): Promise<number> {
  const {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid,
  } = world.keys
  const twilio = openTwilio({
    accountSid: accountSid!,
    authToken: authToken!,
    messagingServiceSid: messagingServiceSid!,
    verifyServiceSid: '',
    apiUrl: world.sandboxUrl,
    verifyUrl: world.sandboxUrl,
  })
  const waiting = Array.from({ length: count }, (_, index) => index).values()
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: bareAtOnce }, async () => {
      for (const index of waiting) {
        await twilio.sdk.messages.create({
          to: `+6148${10_000_000 + index}`,
          body: `Your session begins in 15 minutes (${index})`,
          messagingServiceSid: messagingServiceSid!,
        })
      }
    }),
  )
  return performance.now() - startedAt
}

type Measured = {
  count: number
  madeMs: number
  openedMs: number
  remindedMs: number
  roomLateP99Ms: number
  reminderLateP99Ms: number
  missed: number
  doubled: number
}

async function sessionsOfOneMinute(world: Place, count: number, hasLimits: boolean): Promise<Measured> {
  await fetch(`${world.sandboxUrl}/_sandbox/limits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on: hasLimits }),
  })
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    const start = new Date(
      Math.ceil((await clockNow(world)).getTime() / (5 * minuteMs)) * 5 * minuteMs + 120 * minuteMs,
    )
    const bookings = await sell(client, count, start)
    await schedule(world.databaseUrl, bookings, start)
    const number = async (sql: string) =>
      Number((await client.query(`select count(*) from (${sql}) found`, [bookings])).rows[0].count)
    const rooms = "select 1 from rooms where booking_id = any($1) and status <> 'ended'"
    const reminders = "select 1 from messages where booking_id = any($1) and template = 'Session Reminder'"

    await moveClock(world, { to: addMinutes(start, -60).toISOString() })
    const madeMs = await until(async () => (await number(rooms)) === count, 500)
    const openingAt = start.getTime() - 15 * minuteMs
    await moveClock(world, { to: new Date(openingAt - 2_000).toISOString() })
    await sleep(2_000)
    const openLateness: number[] = []
    const openedMs = await until(async () => {
      const open = await number(`${rooms} and status = 'active'`)
      const late = (await clockNow(world)).getTime() - openingAt
      while (openLateness.length < open) openLateness.push(late)
      return open === count
    }, 100)
    const remindedMs =
      openedMs +
      (await until(async () => (await number(`${reminders} and sent_at is not null`)) === 2 * count, 200))
    const sent = await client.query<{ late: number }>(
      "select extract(epoch from sent_at - $2::timestamptz) * 1000 as late from messages where booking_id = any($1) and template = 'Session Reminder'",
      [bookings, new Date(openingAt)],
    )
    const doubled =
      (await number(`select key from messages where booking_id = any($1) group by key having count(*) > 1`)) +
      (await doubledOutside(world, client, bookings))
    return {
      count,
      madeMs,
      openedMs,
      remindedMs,
      roomLateP99Ms: percentile(openLateness, 0.99),
      reminderLateP99Ms: percentile(
        sent.rows.map(({ late }) => Number(late)),
        0.99,
      ),
      missed:
        count - (await number(`${rooms} and status = 'active'`)) + (2 * count - (await number(reminders))),
      doubled,
    }
  } finally {
    await client.end()
  }
}

/** Messages that the phones got more than once, as the outside has them. */
async function doubledOutside(world: Place, client: pg.Client, bookings: string[]): Promise<number> {
  const { messages } = (await (await fetch(`${world.sandboxUrl}/_sandbox/messages`)).json()) as {
    messages: { to: string; body: string }[]
  }
  const { rows } = await client.query<{ mobile_number: string }>(
    "select distinct mobile_number from messages where booking_id = any($1) and template = 'Session Reminder'",
    [bookings],
  )
  const ours = new Set(rows.map((row) => row.mobile_number))
  const seen = messages.filter(({ to }) => ours.has(to)).map(({ to, body }) => `${to} ${body}`)
  return seen.length - new Set(seen).size
}

async function until(isSo: () => Promise<boolean>, everyMs: number): Promise<number> {
  const startedAt = performance.now()
  while (!(await isSo())) {
    if (performance.now() - startedAt > patienceMs) throw new Error('It did not come within an hour.')
    await sleep(everyMs)
  }
  return performance.now() - startedAt
}

/** That many members and hosts, each pair with one paid session and no time yet. */
async function sell(client: pg.Client, count: number, at: Date): Promise<string[]> {
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

/** Each gets its time as the product gives it, with the jobs that follow. */
async function schedule(databaseUrl: string, bookings: string[], start: Date): Promise<void> {
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
