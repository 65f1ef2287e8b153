// The application keeps its process, its connections and its promises while PostgreSQL comes and goes.
import pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Presence, startPresence } from '../harness/presence.ts'
import { type TcpProxy, tcpProxy } from '../harness/tcp-proxy.ts'
import { alwaysFreeHost, paidPurchase, signedInMember } from '../people/actors.ts'

let presence: Presence
let proxy: TcpProxy
let hasEnded = false

beforeAll(async () => {
  presence = await startPresence({ withoutApplication: true })
  const url = new URL(presence.databaseUrl)
  proxy = await tcpProxy({ host: url.hostname, port: Number(url.port) })
  url.host = `127.0.0.1:${proxy.port}`
  await presence.restart({ DATABASE_URL: url.href })
  void presence.ended().then(() => (hasEnded = true))
})

afterAll(async () => {
  await presence?.stop()
  await proxy?.close()
})

async function asServer<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: presence.databaseUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

const others = 'datname = current_database() and pid <> pg_backend_pid()'
const countOf = async (condition: string) =>
  (
    await asServer<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where ${others} and ${condition}`,
    )
  )[0]!.count
const listeners = () => countOf("query ilike 'listen presence%' or query = 'select 1'")
const isReady = async () => (await fetch(`${presence.url}/readyz`).catch(() => undefined))?.ok ?? false

/** Pages that are open and ask for something all the time; ends when told. */
function visitors(): { stop: () => Promise<void> } {
  let isOver = false
  const visit = async () => {
    while (!isOver) {
      await fetch(`${presence.url}/api/hosts`).catch(() => undefined)
      await sleep(20)
    }
  }
  const all = Promise.all(Array.from({ length: 5 }, visit))
  return {
    stop: async () => {
      isOver = true
      await all
    },
  }
}

/** PRESENCE_AWAY_SECONDS makes it longer, for a try by hand. */
const awaySeconds = Number(process.env['PRESENCE_AWAY_SECONDS'] ?? 8)

test.each([
  ['away', awaySeconds, () => proxy.refuse()],
  ['without a free slot', 4, () => proxy.fill()],
])(
  'a database %s for %i s costs no process and leaves no connection behind',
  async (_how, seconds, leave) => {
    await expect.poll(isReady).toBe(true)
    const member = await signedInMember(presence)
    const pages = visitors()
    await sleep(500)
    const acceptedBefore = proxy.accepted()
    leave()
    await sleep(seconds * 1000)
    for (const cookie of ['', member.cookie]) {
      const told = await fetch(`${presence.url}/api/hosts`, { headers: { cookie } })
      expect([told.status, told.headers.get('retry-after'), await told.json()]).toEqual([
        503,
        '2',
        expect.objectContaining({
          code: 'database_unreachable',
          detail: expect.stringContaining('try again'),
        }),
      ])
    }
    proxy.restore()
    await expect.poll(isReady).toBe(true)
    await pages.stop()
    expect(hasEnded).toBe(false)
    // The pool, the job queue and the listener: no more than their own limits together, however often it
    // was tried.
    expect(await countOf('true')).toBeLessThanOrEqual(12 + 8 + 2)
    // Without the circuit breaker each of the visitors tries: two hundred a second.
    console.log('ATTEMPTS', proxy.accepted() - acceptedBefore)
    expect(proxy.accepted() - acceptedBefore).toBeLessThan(20 + 10 * seconds)
    await expect.poll(listeners).toBe(1)
  },
)

test('every connection that PostgreSQL ends at one moment is replaced, and the process lives', async () => {
  const pages = visitors()
  for (let times = 0; times < 5; times++) {
    await sleep(300)
    await asServer(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)
  }
  await pages.stop()
  await expect.poll(isReady).toBe(true)
  expect(hasEnded).toBe(false)
})

test('a purchase after all that is confirmed, as if nothing had been', async () => {
  const member = await signedInMember(presence)
  const paid = await paidPurchase(member, await alwaysFreeHost(presence))
  expect(paid.bookingIds.length).toBeGreaterThan(0)
})
