import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../tests/harness/database.ts'
import { setClockOffset } from '../lib/time.ts'
import { type Bucket, reserveMoment } from './leaky-bucket.ts'
import { type Db, openDatabase } from '../db/client.ts'

const bucket: Bucket = { name: 'daily_ahead', everyMs: 100, burst: 5 }
let database: FreshDatabase
let processes: Db[]

beforeAll(async () => {
  database = await freshDatabase()
  processes = [openDatabase(database.url, 4), openDatabase(database.url, 4), openDatabase(database.url, 4)]
})

beforeEach(async () => {
  setClockOffset(0)
  await processes[0]!
    .updateTable('leakyBuckets')
    .set({ freeAt: new Date(0) })
    .execute()
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterAll(async () => {
  vi.useRealTimers()
  for (const db of processes) await db.destroy()
  await database.drop()
})

test('processes reserve different moments, and no more together than the burst', async () => {
  const waits = await Promise.all(
    Array.from({ length: 60 }, (_, index) => reserveMoment(processes[index % 3]!, bucket, 30_000)),
  )
  expect(waits.toSorted((one, other) => one! - other!)).toEqual([
    0,
    0,
    0,
    0,
    ...Array.from({ length: 56 }, (_, index) => index * 100),
  ])
})

test('a moment that is too far away is not reserved and delays no other', async () => {
  for (let index = 0; index < 10; index++) await reserveMoment(processes[0]!, bucket, 30_000)
  expect(await reserveMoment(processes[1]!, bucket, 400)).toBe(undefined)
  expect(await reserveMoment(processes[1]!, bucket, 400)).toBe(undefined)
  expect(await reserveMoment(processes[2]!, bucket, 1_000)).toBe(600)
})

test('moments reserved before the clock was moved back delay nobody', async () => {
  for (let index = 0; index < 10; index++) await reserveMoment(processes[0]!, bucket, 30_000)
  setClockOffset(-2 * 86_400_000)
  expect(await reserveMoment(processes[1]!, bucket, 30_000)).toBe(0)
})
