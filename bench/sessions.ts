// Measures many sessions that start in the same minute: their rooms, made in advance within Daily's rate
// limit, and their reminders as the rooms open. Members, hosts and payments are inserted into the
// database; everything after that is the product.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { addMinutes, minuteMs } from '../server/lib/time.ts'
import { clockNow, moveClock } from '../world/outside.ts'
import type { World } from '../world/person.ts'
import { openTwilio } from '../server/integrations/twilio.ts'
import { type Line, milliseconds, percentile, times } from './line.ts'
import { insertPaidSessions, schedule } from './paid-sessions.ts'

const patienceMs = 60 * minuteMs
type BenchWorld = World & { databaseUrl: string }

/** Measures `count` sessions twice: with the rate limits of Daily and Twilio, and without. */
export async function measureSessions(world: BenchWorld, count: number): Promise<Line[]> {
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

/** How long `count` bare SMS take, which nobody composes, records or follows up. */
async function bareSms(world: BenchWorld, count: number): Promise<number> {
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
    messagingUrl: world.sandboxUrl,
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

async function sessionsOfOneMinute(world: BenchWorld, count: number, hasLimits: boolean): Promise<Measured> {
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
    const bookings = await insertPaidSessions(client, count, start)
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

/** Counts messages that a phone got more than once, as the sandbox has them. */
async function doubledOutside(world: BenchWorld, client: pg.Client, bookings: string[]): Promise<number> {
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
