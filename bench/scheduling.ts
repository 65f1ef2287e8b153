// Measures scheduling as visitors meet it: a month of free times, a thousand members
// on one start, and two hundred host cards.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { addDays, dayMs } from '../server/lib/time.ts'
import { crowdOf } from '../tests/people/crowd.ts'
import { newId } from '../server/lib/ids.ts'
import { hostNamed, memberNamed } from '../world/acts.ts'
import { clockNow, moveClock } from '../world/outside.ts'
import { newMobileNumber, type World } from '../world/person.ts'
import { type Call, flood } from './flood.ts'
import { type Line, milliseconds, percentile, times } from './line.ts'
import { raceInSql, raceOverHttp } from './race.ts'

const busyTimes = 500
const views = 300
const racers = 1_000
const races = 5
const cards = 200
const cardRounds = 5

type Place = World & { databaseUrl: string; authSecret: string }

export async function measureScheduling(world: Place): Promise<Line[]> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    const member = await memberNamed(world, 'Sam Rivers', newMobileNumber())
    const hostId = await hostNamed(member, 'Ruby Tamihana')
    await client.query(
      `update hosts set weekly_hours = $2, minimum_notice_minutes = 0, horizon_days = 60, interval_minutes = null,
         buffer_after_minutes = 0, maximum_per_day = null where id = $1`,
      [hostId, JSON.stringify([{ days: [0, 1, 2, 3, 4, 5, 6], start: '00:00', end: '24:00' }])],
    )
    const race = await measureRace(world, hostId)
    const slots = await measureViews(world, client, hostId)
    return [slots, race, await measureCards(world, client)]
  } finally {
    await client.end()
  }
}

/** One request after the other on one connection: the wait of one visitor. */
async function measureViews(world: Place, client: pg.Client, hostId: string): Promise<Line> {
  const from = await clockNow(world)
  const calendarId = newId()
  await client.query(
    `insert into imported_calendars (id, host_id, address, created_at, due_at) values ($1, $2, 'https://calendar.example/bench.ics', $3, $4)`,
    [calendarId, hostId, from, addDays(from, 1)],
  )
  await client.query(
    `insert into busy_times (imported_calendar_id, host_id, start_at, end_at)
    select $1, $2, start, start + interval '25 minutes' from generate_series($3::timestamptz, $3::timestamptz + interval '30 days', interval '30 days' / $4) start`,
    [calendarId, hostId, from, busyTimes],
  )
  const to = addDays(from, 30)
  const call: Call = {
    method: 'GET',
    path: `/api/hosts/${hostId}/slots?from=${from.toISOString()}&to=${to.toISOString()}&timeZone=Europe/Berlin`,
  }
  const bareCall: Call = { method: 'GET', path: '/readyz' }
  await flood(
    world.url,
    Array.from({ length: 50 }, () => call),
    1,
  )
  const bare = await flood(
    world.url,
    Array.from({ length: views }, () => bareCall),
    1,
  )
  const { latenciesMs } = await flood(
    world.url,
    Array.from({ length: views }, () => call),
    1,
  )
  await client.query('delete from imported_calendars where id = $1', [calendarId])
  const [p50, p95] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.95)]
  const bareP95 = percentile(bare.latenciesMs, 0.95)
  return {
    name: `30 days of free times over HTTP, ${busyTimes} busy times`,
    measured: `p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}`,
    values: { p50Ms: p50, p95Ms: p95, bareP95Ms: bareP95 },
    aim: 'p95 under 30 ms',
    ratio: `p95 ${times(p95, bareP95)} a "select 1" over HTTP (${milliseconds(bareP95)})`,
  }
}

async function measureRace(world: Place, hostId: string): Promise<Line> {
  const now = await clockNow(world)
  const startAt = (index: number) =>
    new Date(Math.ceil(now.getTime() / 600_000) * 600_000 + 2 * dayMs + index * 1_800_000)
  const crowd = () =>
    crowdOf(racers, { databaseUrl: world.databaseUrl, authSecret: world.authSecret, hostId, at: now })
  // Warms up the code, as in a process that has run for a while.
  for (let round = 0; round < 2; round++) await raceOverHttp(world.url, await crowd(), hostId, startAt(round))
  const found: { http: number; sql: number }[] = []
  let [won, failed] = [0, 0]
  for (let index = 1; index <= races; index++) {
    const sql = await raceInSql(world.databaseUrl, await crowd(), hostId, startAt(2 * index))
    const http = await raceOverHttp(world.url, await crowd(), hostId, startAt(2 * index + 1))
    won += http.won
    failed += http.failed
    found.push({ http: http.ms, sql: sql.ms })
  }
  const [http, sql] = [
    percentile(
      found.map((one) => one.http),
      0.5,
    ),
    percentile(
      found.map((one) => one.sql),
      0.5,
    ),
  ]
  return {
    name: `${racers.toLocaleString('en')} members race for one start`,
    measured: `${milliseconds(http)} until the last was answered (median of ${races}); ${won} of ${races} races had their one winner, ${failed} answers were neither yes nor no`,
    values: { httpMs: http, sqlMs: sql, won, failed },
    aim: '8 times the same race in bare SQL, or less',
    ratio: `${times(http, sql)} the bare SQL (${milliseconds(sql)})`,
  }
}

/** Cold: waits until short-lived caches have expired. */
async function measureCards(world: Place, client: pg.Client): Promise<Line> {
  const { rows } = await client.query<{ count: number }>(
    "select count(*)::int as count from hosts where status = 'Active' and verification_status = 'Verified'",
  )
  const missing = Math.max(0, cards - rows[0]!.count)
  const ids = Array.from({ length: missing }, () => newId())
  await client.query(
    `insert into hosts (id, airtable_record_id, full_name, bio, time_zone, verification_status, status, search_text, weekly_hours, created_at, updated_at)
    select id, 'bench' || id, 'Bench Host ' || id, repeat('Listens well. ', 12), (array['Australia/Sydney', 'Asia/Kolkata', 'Europe/London', 'America/New_York'])[1 + row % 4],
      'Verified', 'Active', 'bench', $2, now(), now() from unnest($1::uuid[]) with ordinality as one (id, row)`,
    [
      ids,
      JSON.stringify([
        { days: [1, 2, 3, 4, 5], start: '08:00', end: '12:00' },
        { days: [1, 3, 5], start: '14:00', end: '20:00' },
      ]),
    ],
  )
  const look = async () => {
    const startedAt = performance.now()
    let shown = 0
    for (let cursor = ''; ;) {
      const page = (await (await fetch(`${world.url}/api/hosts?limit=100${cursor}`)).json()) as {
        hosts: { nextFree: string | null }[]
        nextCursor: string | null
      }
      shown += page.hosts.length
      if (!page.nextCursor) break
      cursor = `&cursor=${page.nextCursor}`
    }
    return { ms: performance.now() - startedAt, shown }
  }
  const [cold, warm]: [number[], number[]] = [[], []]
  let shown = 0
  try {
    for (let round = 0; round < cardRounds; round++) {
      await moveClock(world, { advanceMs: 15_000 })
      await client.query("update hosts set status = 'Active' where id = any($1)", [ids])
      await sleep(1_500)
      const first = await look()
      shown = first.shown
      if (round > 0) cold.push(first.ms)
      warm.push((await look()).ms)
    }
  } finally {
    await client.query('delete from hosts where id = any($1)', [ids])
  }
  const [coldMs, warmMs] = [percentile(cold, 0.5), percentile(warm, 0.5)]
  return {
    name: `${shown} host cards with their next free time`,
    measured: `${milliseconds(coldMs)} in two pages where nothing is kept, ${milliseconds(warmMs)} within the same ten seconds`,
    values: { coldMs, warmMs, shown },
    aim: 'under 50 ms',
  }
}
