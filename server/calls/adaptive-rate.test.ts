import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../tests/harness/database.ts'
import { setClockOffset } from '../lib/time.ts'
import { type Db, openDatabase } from '../db/client.ts'
import { type AdaptiveRate, adaptiveRate } from './adaptive-rate.ts'

let database: FreshDatabase
let db: Db
let pace: AdaptiveRate
let waits: number[]

beforeAll(async () => {
  database = await freshDatabase()
  db = openDatabase(database.url, 4)
  pace = adaptiveRate(db, 'twilio_sms', async (ms) => void waits.push(ms))
})

beforeEach(async () => {
  setClockOffset(0)
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-05-01T00:00:00Z') })
  waits = []
  await set({ everyMs: 1, freeAt: new Date(0), slowedAt: new Date(0) })
})

afterAll(async () => {
  vi.useRealTimers()
  await db.destroy()
  await database.drop()
})

const set = (row: { everyMs?: number; freeAt?: Date; slowedAt?: Date }) =>
  db.updateTable('adaptiveRates').set(row).execute()
const everyMs = async () =>
  (await db.selectFrom('adaptiveRates').select('everyMs').executeTakeFirstOrThrow()).everyMs
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

test('calls take their turns one batch after the other, whoever asks', async () => {
  await set({ everyMs: 10 })
  for (const calls of [16, 4, 1]) await pace.wait(calls)
  expect(waits).toEqual([160, 200])
})

test('a refusal halves the pace and makes everybody pause, once for the many that one haste caused', async () => {
  await Promise.all([pace.learn(true), pace.learn(true), pace.learn(true)])
  expect(await everyMs()).toBe(2)
  await pace.wait(1)
  expect(waits).toEqual([1_000])
  pass(1_001)
  await pace.learn(true)
  expect(await everyMs()).toBe(4)
})

test('what is taken makes the pace faster by and by, and nothing makes it slower than ten a second', async () => {
  for (let refusals = 0; refusals < 12; refusals++) {
    await pace.learn(true)
    pass(1_001)
  }
  expect(await everyMs()).toBe(100)
  await pace.learn(false)
  expect(await everyMs()).toBeCloseTo(97)
  for (let times = 0; times < 300; times++) await pace.learn(false)
  expect(await everyMs()).toBeGreaterThan(0.4)
  expect(await everyMs()).toBeLessThanOrEqual(0.5)
})

test('a turn given by a machine whose clock was wrong holds nobody up', async () => {
  await set({ freeAt: new Date('2031-01-01T00:00:00Z'), slowedAt: new Date('2031-01-01T00:00:00Z') })
  await pace.wait(1)
  expect(waits).toEqual([])
  await pace.learn(true)
  expect(await everyMs()).toBe(2)
})
