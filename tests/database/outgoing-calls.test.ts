import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Db, openDatabase } from '../../server/db/client.ts'
import { type Call, callAllOnce, callOnce } from '../../server/calls/call-once.ts'
import { CallUnderWay, leaseCalls } from '../../server/calls/lease.ts'
import { ProviderError } from '../../server/lib/errors.ts'
import { newId } from '../../server/lib/ids.ts'
import { now } from '../../server/lib/time.ts'
import { waitFor } from '../../world/person.ts'
import { query } from '../people/evidence.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'

let database: FreshDatabase
let db: Db
beforeAll(async () => {
  database = await freshDatabase()
  db = openDatabase(database.url)
  await query(database.url, 'create table acts (key text not null)')
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

const refused = new ProviderError('twilio', 'no such number', { ambiguous: false, status: 400 })
const timedOut = new ProviderError('twilio', 'no answer', { ambiguous: true })

/** A call to a service that records its acts in the table `acts` and can be asked about them. */
function calling(key: string, change: Partial<Call<string>> = {}) {
  return {
    key,
    provider: 'twilio',
    make: vi.fn(async () => {
      await query(database.url, 'insert into acts values ($1)', [key])
      return 'made'
    }),
    lookUp: vi.fn(async () => ((await actsOf(key)) > 0 ? 'found' : undefined)),
    record: vi.fn(async () => undefined),
    ...change,
  }
}

async function actsOf(key: string): Promise<number> {
  return (await query(database.url, 'select * from acts where key = $1', [key])).length
}

const endLease = (key: string) =>
  query(database.url, `update outgoing_calls set leased_until = '2020-01-01' where key = $1`, [key])

test('a call is made once, recorded once, and never again', async () => {
  const call = calling(newId())
  expect(await callOnce(db, call)).toBe('made')
  expect(await callOnce(db, call)).toBeUndefined()
  expect(call.make).toHaveBeenCalledTimes(1)
  expect(call.record).toHaveBeenCalledTimes(1)
  expect(call.lookUp).not.toHaveBeenCalled()
})

test('only one of many processes that make the same call at once makes it, the others retry', async () => {
  const call = calling(newId())
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => callOnce(db, call)))
  expect(await actsOf(call.key)).toBe(1)
  expect(call.record).toHaveBeenCalledTimes(1)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(CallUnderWay)
})

test.each([1, 12_000, 120_000])(
  'a lease of a process whose clock is %i ms ahead is respected, and the call not repeated',
  async (aheadMs) => {
    const call = calling(newId())
    const { leases } = await leaseCalls(db, [call.key], 'twilio')
    expect(leases.get(call.key)).toBe('first')
    const leasedUntil = new Date(now().getTime() + 10_000 + aheadMs)
    await query(database.url, 'update outgoing_calls set leased_until = $2 where key = $1', [
      call.key,
      leasedUntil,
    ])
    await expect(callOnce(db, call)).rejects.toBeInstanceOf(CallUnderWay)
    expect(call.make).not.toHaveBeenCalled()
  },
)

const dying = (key: string, failAt: string) => `
  const here = ${JSON.stringify(new URL('../../server/', import.meta.url).href)}
  const { openDatabase } = await import(here + 'db/client.ts')
  const { callOnce } = await import(here + 'calls/call-once.ts')
  const { setFailpoint } = await import(here + 'lib/failpoint.ts')
  const { sql } = await import('kysely')
  setFailpoint(${JSON.stringify(failAt)})
  const db = openDatabase(process.env.DATABASE_URL)
  await callOnce(db, {
    key: ${JSON.stringify(key)}, provider: 'twilio',
    make: async () => { await sql\`insert into acts values (\${${JSON.stringify(key)}})\`.execute(db); return 'made' },
    lookUp: async () => undefined, record: async () => undefined,
  })`

async function diesAt(key: string, failAt: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', dying(key, failAt)], {
    env: { ...process.env, DATABASE_URL: database.url },
    cwd: new URL('../../', import.meta.url),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)))
  expect(signal).toBe('SIGKILL')
}

test('a call made before a crash is looked up, not repeated', async () => {
  const key = `sms:${newId()}`
  await diesAt(key, 'after-call:sms')
  const call = calling(key)
  await expect(callOnce(db, call), 'it may still be under way').rejects.toBeInstanceOf(CallUnderWay)
  await endLease(key)
  expect(await callOnce(db, call)).toBe('found')
  expect(call.make).not.toHaveBeenCalled()
  expect(call.record).toHaveBeenCalledWith(expect.anything(), 'found')
  expect(await actsOf(key)).toBe(1)
})

test('a call that a crash prevented is looked up, and then made', async () => {
  const key = `sms:${newId()}`
  await diesAt(key, 'before-call:sms')
  await endLease(key)
  const call = calling(key)
  expect(await callOnce(db, call)).toBe('made')
  expect(call.lookUp).toHaveBeenCalledTimes(1)
  expect(await actsOf(key)).toBe(1)
})

test('a result recorded before a crash stays', async () => {
  const key = `sms:${newId()}`
  await diesAt(key, 'after-record:sms')
  const call = calling(key)
  expect(await callOnce(db, call)).toBeUndefined()
  expect(await actsOf(key)).toBe(1)
})

test('a clear refusal leaves nothing behind, and the next try begins afresh', async () => {
  const call = calling(newId(), {
    make: vi.fn().mockRejectedValueOnce(refused).mockResolvedValueOnce('made'),
  })
  await expect(callOnce(db, call)).rejects.toBe(refused)
  expect(await callOnce(db, call)).toBe('made')
  expect(call.lookUp).not.toHaveBeenCalled()
})

test('an act behind a time-out is found at once and not repeated', async () => {
  const key = newId()
  const acting = calling(key)
  const call = calling(key, {
    make: vi.fn(async () => {
      await acting.make()
      throw timedOut
    }),
  })
  await expect(callOnce(db, call)).rejects.toBe(timedOut)
  expect(await callOnce(db, call)).toBe('found')
  expect(call.make).toHaveBeenCalledTimes(1)
  expect(await actsOf(key)).toBe(1)
})

test('a refused later try does not hide that an earlier one may have acted', async () => {
  const call = calling(newId(), {
    make: vi
      .fn()
      .mockRejectedValueOnce(timedOut)
      .mockRejectedValueOnce(refused)
      .mockResolvedValueOnce('made'),
  })
  await expect(callOnce(db, call)).rejects.toBe(timedOut)
  await expect(callOnce(db, call)).rejects.toBe(refused)
  await callOnce(db, call)
  expect(call.lookUp).toHaveBeenCalledTimes(2)
})

test('a call is not ended where its consequences cannot be recorded', async () => {
  const call = calling(newId(), {
    record: vi.fn().mockRejectedValueOnce(new Error('no room')).mockResolvedValueOnce(undefined),
  })
  await expect(callOnce(db, call)).rejects.toThrow('no room')
  expect(await callOnce(db, call)).toBe('found')
  expect(call.record).toHaveBeenCalledTimes(2)
  expect(await actsOf(call.key)).toBe(1)
})

test('a slow call keeps its lease, so that nobody makes it too', async () => {
  const key = newId()
  const leasedUntil = async () =>
    (
      await query<{ leasedUntil: Date }>(
        database.url,
        'select leased_until as "leasedUntil" from outgoing_calls where key = $1',
        [key],
      )
    )[0]?.leasedUntil.getTime() ?? 0
  const call = calling(key, {
    make: async () => {
      const first = await leasedUntil()
      await waitFor('the longer lease', async () => (await leasedUntil()) > first)
      await expect(callOnce(db, calling(key))).rejects.toBeInstanceOf(CallUnderWay)
      return 'made'
    },
  })
  expect(await callOnce(db, call)).toBe('made')
})

test('a result that another process recorded meanwhile is not recorded again', async () => {
  const key = newId()
  const call = calling(key, {
    make: async () => {
      await query(database.url, 'update outgoing_calls set finished_at = now() where key = $1', [key])
      return 'made'
    },
  })
  await callOnce(db, call)
  expect(call.record).not.toHaveBeenCalled()
})

/** Several parallel calls; `outcomes` says how the call of each key ends. */
function callingAll(keys: string[], outcomes: Record<string, Error> = {}) {
  const one = (key: string) =>
    calling(key, key in outcomes ? { make: async () => Promise.reject(outcomes[key]!) } : {})
  const recorded: string[] = []
  return {
    keys,
    provider: 'twilio',
    recorded,
    make: vi.fn((wanted: string[]) => Promise.allSettled(wanted.map((key) => one(key).make()))),
    lookUp: vi.fn((key: string) => one(key).lookUp()),
    record: vi.fn(
      async (_tx: unknown, results: Map<string, string>) => void recorded.push(...results.keys()),
    ),
  }
}

test('each of several parallel calls succeeds, fails, waits or is done already by itself', async () => {
  const [fine, done, held, denied, lost] = [newId(), newId(), newId(), newId(), newId()] as [
    string,
    string,
    string,
    string,
    string,
  ]
  await callOnce(db, calling(done))
  await callOnce(db, calling(held, { make: () => Promise.reject(timedOut) })).catch(() => undefined)
  await query(
    database.url,
    `update outgoing_calls set leased_until = now() + interval '5 seconds' where key = $1`,
    [held],
  )
  const calls = callingAll([fine, done, held, denied, lost], { [denied]: refused, [lost]: timedOut })
  const outcomes = await callAllOnce(db, calls)
  expect(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason)),
  ).toEqual(['made', undefined, expect.any(CallUnderWay), refused, timedOut])
  expect(calls.recorded).toEqual([fine])
  expect(calls.make).toHaveBeenCalledExactlyOnceWith([fine, denied, lost])
  // A refused call leaves nothing behind; one that may have acted is looked up before it is repeated.
  await endLease(held)
  const again = callingAll([fine, done, held, denied, lost])
  expect(
    (await callAllOnce(db, again)).map((outcome) => outcome.status === 'fulfilled' && outcome.value),
  ).toEqual([undefined, undefined, 'made', 'made', 'made'])
  expect(again.lookUp.mock.calls.map(([key]) => key).sort()).toEqual([held, lost].sort())
  for (const key of again.keys) expect(await actsOf(key)).toBe(1)
})

test('batches of the same calls in another order do not deadlock, and make each call once', async () => {
  const keys = Array.from({ length: 30 }, () => newId())
  await Promise.all(
    [keys, keys.toReversed(), keys, keys.toReversed()].map((ordered) => callAllOnce(db, callingAll(ordered))),
  )
  for (const key of keys) expect(await actsOf(key)).toBe(1)
})

test('a process that was paused beyond its lease makes no call while another makes it', async () => {
  const key = newId()
  await expect(callOnce(db, calling(key, { make: () => Promise.reject(timedOut) }))).rejects.toBe(timedOut)
  const paused = Promise.withResolvers<undefined>()
  const lookUp = vi.fn(() => paused.promise)
  const pausedCall = calling(key, { lookUp })
  const beingPaused = callOnce(db, pausedCall)
  await waitFor('the lease of the paused process', async () => lookUp.mock.calls.length > 0)
  await endLease(key)

  const slow = Promise.withResolvers<string>()
  const make = vi.fn(() => slow.promise)
  const other = calling(key, { make })
  const byOther = callOnce(db, other)
  await waitFor('the call of the other process', async () => make.mock.calls.length > 0)
  paused.resolve(undefined)
  await expect(beingPaused).rejects.toBeInstanceOf(CallUnderWay)
  expect(pausedCall.make).not.toHaveBeenCalled()

  slow.resolve('made')
  expect(await byOther).toBe('made')
  expect(other.record).toHaveBeenCalledTimes(1)
})

test('a process that was paused beyond its lease neither renews nor ends the lease of another', async () => {
  const key = newId()
  await expect(callOnce(db, calling(key, { make: () => Promise.reject(timedOut) }))).rejects.toBe(timedOut)
  const paused = Promise.withResolvers<undefined>()
  const lookUp = vi.fn(() => paused.promise)
  const pausedCall = calling(key, { lookUp })
  const beingPaused = callOnce(db, pausedCall)
  await waitFor('the lease of the paused process', async () => lookUp.mock.calls.length > 0)
  await endLease(key)
  const { leases } = await leaseCalls(db, [key], 'twilio')
  expect(leases.get(key)).toBe('repeat')
  const before = await query(database.url, 'select leased_until, holder from outgoing_calls where key = $1', [
    key,
  ])
  paused.resolve(undefined)
  await expect(beingPaused).rejects.toBeInstanceOf(CallUnderWay)
  expect(
    await query(database.url, 'select leased_until, holder from outgoing_calls where key = $1', [key]),
  ).toEqual(before)
})
