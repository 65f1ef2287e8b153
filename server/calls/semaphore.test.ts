import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../tests/harness/database.ts'
import { setClockOffset } from '../lib/time.ts'
import { withPermit, type Semaphore } from './semaphore.ts'
import { type Db, openDatabase } from '../db/client.ts'

const semaphore: Semaphore = { name: 'airtable', cooldownMs: 300, leaseMs: 10_000, maxWaitMs: 5_000 }
const never = () => 0
let database: FreshDatabase
let processes: Db[]

beforeAll(async () => {
  database = await freshDatabase()
  processes = [openDatabase(database.url, 6), openDatabase(database.url, 6)]
})

beforeEach(async () => {
  setClockOffset(0)
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true })
  await processes[0]!
    .updateTable('semaphorePermits')
    .set({ freeAt: new Date(0) })
    .execute()
})

afterEach(() => void vi.useRealTimers())

afterAll(async () => {
  for (const db of processes) await db.destroy()
  await database.drop()
})

test('within a cooldown no more calls arrive than permits exist, however late some arrive', async () => {
  // The test measures real time, and a faked clock would run ahead of it or behind.
  vi.useRealTimers()
  const arrivedAt: number[] = []
  const call = (index: number) => async () => {
    await sleep((index % 3) * 60)
    arrivedAt.push(performance.now())
  }
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      withPermit(processes[index % 2]!, semaphore, call(index), never),
    ),
  )
  expect(arrivedAt).toHaveLength(12)
  // There are four permits: the fourth call after any call arrives only after that one's cooldown.
  for (let index = 4; index < arrivedAt.length; index++)
    expect(arrivedAt[index]! - arrivedAt[index - 4]!).toBeGreaterThanOrEqual(semaphore.cooldownMs - 2)
})

test('after a refusal no process calls until the service accepts calls again', async () => {
  const impatient = { ...semaphore, maxWaitMs: 100 }
  await withPermit(
    processes[0]!,
    semaphore,
    async () => 'refused',
    () => 30_000,
  )
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe(undefined)
  vi.setSystemTime(Date.now() + 30_001)
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe('called')
})

test('a failed call releases its permit, and a dead process blocks one only for its lease', async () => {
  await expect(
    withPermit(processes[0]!, semaphore, () => Promise.reject(new Error('no answer')), never),
  ).rejects.toThrow('no answer')
  await processes[0]!
    .updateTable('semaphorePermits')
    .set({ freeAt: new Date(Date.now() + semaphore.leaseMs) })
    .execute()
  const impatient = { ...semaphore, maxWaitMs: 50 }
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe(undefined)
  vi.setSystemTime(Date.now() + semaphore.leaseMs)
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe('called')
})

test('a short refusal does not shorten the cooldown of a call under way', async () => {
  const impatient = { ...semaphore, maxWaitMs: 50 }
  const { promise: answered, resolve: answer } = Promise.withResolvers<string>()
  const underWay = [1, 2, 3].map(() => withPermit(processes[0]!, semaphore, () => answered, never))
  await vi.waitUntil(
    async () =>
      (
        await processes[0]!
          .selectFrom('semaphorePermits')
          .select('slot')
          .where('freeAt', '>', new Date(Date.now() + 5_000))
          .execute()
      ).length === 3,
    45_000,
  )
  await withPermit(
    processes[1]!,
    semaphore,
    async () => 'refused',
    () => 200,
  )
  vi.setSystemTime(Date.now() + 301)
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe('called')
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe(undefined)
  answer('answered')
  await Promise.all(underWay)
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe(undefined)
})

test('moving our clock makes no call earlier', async () => {
  const impatient = { ...semaphore, maxWaitMs: 50 }
  await withPermit(
    processes[0]!,
    semaphore,
    async () => 'refused',
    () => 30_000,
  )
  for (const offsetMs of [86_400_000, -86_400_000]) {
    setClockOffset(offsetMs)
    expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe(undefined)
  }
})
