import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../tests/harness/database.ts'
import { setClockOffset } from '../lib/time.ts'
import { type Db, openDatabase } from '../db/client.ts'
import { type AdaptiveRate, adaptiveRate } from './adaptive-rate.ts'

let database: FreshDatabase
let db: Db
let rate: AdaptiveRate
let waits: number[]

beforeAll(async () => {
  database = await freshDatabase()
  db = openDatabase(database.url, 4)
  rate = adaptiveRate(db, 'twilio_sms', async (ms) => void waits.push(ms))
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

test('batches of calls wait for each other, whoever makes them', async () => {
  await set({ everyMs: 10 })
  for (const calls of [16, 4, 1]) await rate.wait(calls)
  expect(waits).toEqual([160, 200])
})

test('refusals of one burst halve the rate once and make everybody pause', async () => {
  await Promise.all([rate.adapt(true), rate.adapt(true), rate.adapt(true)])
  expect(await everyMs()).toBe(2)
  await rate.wait(1)
  expect(waits).toEqual([1_000])
  pass(1_001)
  await rate.adapt(true)
  expect(await everyMs()).toBe(4)
})

test('successes raise the rate, and refusals never lower it below ten calls a second', async () => {
  for (let refusals = 0; refusals < 12; refusals++) {
    await rate.adapt(true)
    pass(1_001)
  }
  expect(await everyMs()).toBe(100)
  await rate.adapt(false)
  expect(await everyMs()).toBeCloseTo(97)
  for (let times = 0; times < 300; times++) await rate.adapt(false)
  expect(await everyMs()).toBeGreaterThan(0.4)
  expect(await everyMs()).toBeLessThanOrEqual(0.5)
})

test('a moment written by a machine with a wrong clock delays nobody', async () => {
  await set({ freeAt: new Date('2031-01-01T00:00:00Z'), slowedAt: new Date('2031-01-01T00:00:00Z') })
  await rate.wait(1)
  expect(waits).toEqual([])
  await rate.adapt(true)
  expect(await everyMs()).toBe(2)
})
