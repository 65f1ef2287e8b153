import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../tests/harness/database.ts'
import { setClockOffset } from '../lib/time.ts'
import { withPermit, type Semaphore } from './semaphore.ts'
import { type Db, openDatabase } from '../db/client.ts'

const lane: Semaphore = { lane: 'airtable', restMs: 300, leaseMs: 10_000, patienceMs: 5_000 }
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
    .updateTable('callSlots')
    .set({ freeAt: new Date(0) })
    .execute()
})

afterEach(() => void vi.useRealTimers())

afterAll(async () => {
  for (const db of processes) await db.destroy()
  await database.drop()
})

test('two processes together never have more calls arrive within the rest than there are slots, however late some arrive', async () => {
  // What is measured is real time; a clock that goes on in steps would be ahead or behind of it.
  vi.useRealTimers()
  const arrivedAt: number[] = []
  const call = (index: number) => async () => {
    await sleep((index % 3) * 60)
    arrivedAt.push(performance.now())
  }
  await Promise.all(
    Array.from({ length: 12 }, (_, index) => withPermit(processes[index % 2]!, lane, call(index), never)),
  )
  expect(arrivedAt).toHaveLength(12)
  // Four slots: the fifth call after any call arrives only when that one has rested.
  for (let index = 4; index < arrivedAt.length; index++)
    expect(arrivedAt[index]! - arrivedAt[index - 4]!).toBeGreaterThanOrEqual(lane.restMs - 2)
})

test('after a refusal nobody calls until it is over, in no process', async () => {
  const impatient = { ...lane, patienceMs: 100 }
  await withPermit(
    processes[0]!,
    lane,
    async () => 'refused',
    () => 30_000,
  )
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe(undefined)
  vi.setSystemTime(Date.now() + 30_001)
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe('called')
})

test('a call that fails gives its slot back, and a process that died in one blocks it no longer than the lease', async () => {
  await expect(
    withPermit(processes[0]!, lane, () => Promise.reject(new Error('no answer')), never),
  ).rejects.toThrow('no answer')
  await processes[0]!
    .updateTable('callSlots')
    .set({ freeAt: new Date(Date.now() + lane.leaseMs) })
    .execute()
  const impatient = { ...lane, patienceMs: 50 }
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe(undefined)
  vi.setSystemTime(Date.now() + lane.leaseMs)
  expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe('called')
})

test('a short refusal does not cut short the rest of a call that was under way', async () => {
  const impatient = { ...lane, patienceMs: 50 }
  const { promise: answered, resolve: answer } = Promise.withResolvers<string>()
  const underWay = [1, 2, 3].map(() => withPermit(processes[0]!, lane, () => answered, never))
  await vi.waitUntil(
    async () =>
      (
        await processes[0]!
          .selectFrom('callSlots')
          .select('slot')
          .where('freeAt', '>', new Date(Date.now() + 5_000))
          .execute()
      ).length === 3,
    45_000,
  )
  await withPermit(
    processes[1]!,
    lane,
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

test('moving our clock brings no call nearer', async () => {
  const impatient = { ...lane, patienceMs: 50 }
  await withPermit(
    processes[0]!,
    lane,
    async () => 'refused',
    () => 30_000,
  )
  for (const offsetMs of [86_400_000, -86_400_000]) {
    setClockOffset(offsetMs)
    expect(await withPermit(processes[1]!, impatient, async () => 'called', never)).toBe(undefined)
  }
})
