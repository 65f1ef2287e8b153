import pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Listener, listen, type ListenOptions } from '../../server/db/listen.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { type TcpProxy, tcpProxy } from '../harness/tcp-proxy.ts'

let database: FreshDatabase
let proxy: TcpProxy
let proxied: string
let listener: Listener | undefined

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  database = await freshDatabase()
  const url = new URL(database.url)
  proxy = await tcpProxy({ host: url.hostname, port: Number(url.port) })
  url.host = `127.0.0.1:${proxy.port}`
  proxied = url.href
})

afterEach(async () => {
  await listener?.close()
  listener = undefined
  await proxy.close()
  await database.drop()
})

type Heard = { live: unknown[]; reconnects: number }

async function listening(options: Partial<ListenOptions> = {}): Promise<Heard> {
  const heard: Heard = { live: [], reconnects: 0 }
  listener = await listen(proxied, {
    handlers: {
      live: (change) => void heard.live.push(change),
      records: () => undefined,
      clock: () => undefined,
    },
    onReconnect: () => void heard.reconnects++,
    ...options,
  })
  return heard
}

async function asServer<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

const announce = () => asServer(`select pg_notify('presence_live', '{"topics":["hosts"]}')`)

const listeners = async () =>
  (
    await asServer<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
  )[0]!.count

test('a database that is away five times leaves one connection, and each notification is handled once', async () => {
  const heard = await listening()
  for (let times = 1; times <= 5; times++) {
    proxy.refuse()
    // Several attempts fail meanwhile; each of them ends a connection too.
    await sleep(600)
    proxy.restore()
    await expect.poll(() => heard.reconnects).toBe(times)
  }
  await expect.poll(listeners).toBe(1)
  await announce()
  await expect.poll(() => heard.live.length).toBe(1)
  await sleep(300)
  expect(heard.live).toEqual([{ topics: ['hosts'] }])
})

test('a database that stays away is asked ever more rarely, not in a storm', async () => {
  await listening()
  proxy.refuse()
  const attempts = vi.spyOn(pg.Client.prototype, 'connect')
  await sleep(4_000)
  const tried = attempts.mock.calls.length
  attempts.mockRestore()
  expect(tried).toBeGreaterThan(1)
  expect(tried).toBeLessThan(12)
})

test('a connection that dies without a word is noticed by its heartbeat', async () => {
  const heard = await listening({ heartbeatMs: 300, answerMs: 200 })
  proxy.silence()
  await sleep(1_000)
  expect(heard.reconnects).toBe(0)
  proxy.restore()
  await expect.poll(() => heard.reconnects).toBe(1)
  await announce()
  await expect.poll(() => heard.live.length).toBe(1)
})

test('a handler that fails makes the listener look at everything again', async () => {
  let isFailing = true
  const heard = await listening({
    handlers: {
      live: async () => {
        if (isFailing) throw new Error('the database is away')
      },
      records: () => undefined,
      clock: () => undefined,
    },
  })
  await announce()
  await expect.poll(() => heard.reconnects).toBe(1)
  isFailing = false
  await expect.poll(listeners).toBe(1)
})

test('what is looked at after a reconnect is tried again until it succeeds', async () => {
  let tries = 0
  await listening({
    onReconnect: () => {
      if (++tries < 3) throw new Error('not yet')
    },
  })
  proxy.refuse()
  proxy.restore()
  await expect.poll(() => tries).toBe(3)
  await expect.poll(listeners).toBe(1)
})

test('closing ends the loop, also while the database is away', async () => {
  await listening()
  proxy.refuse()
  await sleep(100)
  await listener!.close()
  proxy.restore()
  await sleep(700)
  expect(await listeners()).toBe(0)
})
