import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clockNow } from '../../world/outside.ts'
import { alwaysFreeHost, type Host } from '../people/actors.ts'
import { type Crowd, crowdOf } from '../people/crowd.ts'
import { query } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { minuteMs } from '../../server/lib/time.ts'

let presence: Presence
let ruby: Host
// One connection each, closed after each race: the server may close idle connections between two races.
const agent = new Agent({ maxSockets: 1_000 })

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
})

afterAll(async () => {
  agent.destroy()
  await presence?.stop()
})

type Answer = { status: number; body: { code?: string; detail?: string; nearest?: string[]; start?: string } }

function choose(who: Crowd[number], hostId: string, start: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${presence.url}/functions/v1/calcom-create-booking`,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', cookie: who.cookie },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(JSON.stringify({ bookingId: who.bookingId, hostId, start }))
  })
}

const crowd = async (count: number) =>
  crowdOf(count, {
    databaseUrl: presence.databaseUrl,
    authSecret: presence.env['AUTH_SECRET']!,
    hostId: ruby.id,
    at: await clockNow(presence),
  })

const inMinutes = async (minutes: number) => {
  const step = 10 * minuteMs
  return new Date(
    Math.ceil((await clockNow(presence)).getTime() / step) * step + minutes * minuteMs,
  ).toISOString()
}

const liveAt = (start: string) =>
  query(
    presence.databaseUrl,
    "select id from bookings where state = 'created' and host_id = $1 and start_at = $2",
    [ruby.id, start],
  )

// The same members race again: the losers still have their session.
const rounds = Number(process.env['RACES'] ?? 1)

test(`one of 1,000 members racing for one start wins, 999 are refused (rounds: ${rounds})`, async () => {
  let racers = await crowd(1_000)
  for (let time = 0; time < rounds; time++) {
    const start = await inMinutes(24 * 60 + time * 30)
    const answers = await Promise.all(racers.map((who) => choose(who, ruby.id, start)))
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    expect({ won: count(200), lost: count(409), answered: answers.length }).toEqual({
      won: 1,
      lost: 999,
      answered: 1_000,
    })
    const lost = answers.filter((answer) => answer.status === 409)
    expect(new Set(lost.map(({ body }) => body.code))).toSatisfy((codes: Set<string>) =>
      [...codes].every((code) => code === 'time_taken' || code === 'time_not_offered'),
    )
    expect(lost.every(({ body }) => /choose another/.test(body.detail ?? ''))).toBe(true)
    expect(lost.every(({ body }) => body.nearest!.length === 5 && !body.nearest!.includes(start))).toBe(true)
    expect(await liveAt(start)).toHaveLength(1)
    racers = [...racers.filter((_, index) => answers[index]!.status !== 200), ...(await crowd(1))]
  }
})

test('sessions that overlap only in part exclude each other too', async () => {
  const start = await inMinutes(40 * 60)
  const at = (minutes: number) => new Date(Date.parse(start) + minutes * minuteMs).toISOString()
  const racers = await crowd(30)
  const answers = await Promise.all(
    racers.map((who, index) => choose(who, ruby.id, at([-5, 0, 5][index % 3]!))),
  )
  expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true)
  const live = await query<{ start_at: Date }>(
    presence.databaseUrl,
    "select start_at from bookings where state = 'created' and host_id = $1 and start_at between $2 and $3 order by start_at",
    [ruby.id, at(-10), at(10)],
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(live.length)
  for (const [index, { start_at }] of live.entries())
    if (index > 0)
      expect(start_at.getTime() - live[index - 1]!.start_at.getTime()).toBeGreaterThanOrEqual(600_000)
})

test('a double tap and a second tab book once, and both answer the same', async () => {
  const [who] = await crowd(1)
  const start = await inMinutes(44 * 60)
  const answers = await Promise.all(Array.from({ length: 8 }, () => choose(who!, ruby.id, start)))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
  expect(new Set(answers.map(({ body }) => body.start))).toEqual(new Set([start]))
  const [booking] = await query<{ attempt: number }>(
    presence.databaseUrl,
    'select attempt from bookings where id = $1',
    [who!.bookingId],
  )
  expect(booking!.attempt).toBe(1)
})
