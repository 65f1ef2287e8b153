import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../server/db/client.ts'
import { rateSession } from '../../server/journey/ratings/rate-session.ts'
import { readReceivedRatings, readRatings } from '../../server/journey/ratings/read-ratings.ts'
import type { Context } from '../../server/journey/context.ts'
import { clockOffsetMs, dayMs, minuteMs, setClockOffset } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { minutesLater, openRows, type Rows } from './rows.ts'

let database: FreshDatabase
let rows: Rows
let db: Db
let ctx: Context
beforeAll(async () => {
  database = await freshDatabase()
  rows = await openRows(database.url)
  db = openDatabase(database.url, 4)
  ctx = { db, config: { isRatingOn: true } } as Context
})
afterEach(() => setClockOffset(0))
afterAll(async () => {
  await rows?.close()
  await db?.destroy()
  await database?.drop()
})

let hours = 0
async function held(people: { memberId: string; hostId: string }): Promise<string> {
  const id = await rows.sold(people, { start: minutesLater(++hours * 60), state: 'completed' })
  await rows.run("update bookings set outcome = 'held' where id = $1", [id])
  return id
}
const pair = async () => ({ memberId: await rows.member(), hostId: await rows.host() })

test('a rating stays hidden until both have rated, in the session and in the average', async () => {
  const { memberId, hostId } = await pair()
  const id = await held({ memberId, hostId })
  await rateSession(ctx, { memberId }, id, { stars: 4, tags: ['Calming', 'Calming'] })
  expect(await readRatings(ctx, { hostId }, id)).toEqual({ mine: null, theirs: null, canRate: true })
  expect(await readReceivedRatings(ctx, { hostId })).toEqual({ count: 0, averageStars: null, tags: [] })
  await rateSession(ctx, { hostId }, id, { stars: 5, tags: [] })
  expect(await readRatings(ctx, { hostId }, id)).toEqual({
    mine: { stars: 5, tags: [] },
    theirs: { stars: 4, tags: ['Calming'] },
    canRate: false,
  })
  expect(await readRatings(ctx, { memberId }, id)).toMatchObject({ theirs: { stars: 5 } })
  expect(await readReceivedRatings(ctx, { hostId })).toEqual({
    count: 1,
    averageStars: 4,
    tags: [{ tag: 'Calming', count: 1 }],
  })
  expect(await readReceivedRatings(ctx, { memberId })).toMatchObject({ count: 1, averageStars: 5 })
})

test('after a week a rating shows by itself, and then the other can no longer answer it', async () => {
  const { memberId, hostId } = await pair()
  const id = await held({ memberId, hostId })
  await rateSession(ctx, { hostId }, id, { stars: 2, tags: [] })
  setClockOffset(clockOffsetMs() + 7 * dayMs - minuteMs)
  expect(await readRatings(ctx, { memberId }, id)).toMatchObject({ theirs: null, canRate: true })
  setClockOffset(clockOffsetMs() + 120_000)
  expect(await readRatings(ctx, { memberId }, id)).toMatchObject({
    theirs: { stars: 2 },
    canRate: false,
  })
  await expect(rateSession(ctx, { memberId }, id, { stars: 1, tags: [] })).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('each person of a completed session gives one rating, and none while ratings are off', async () => {
  const { memberId, hostId } = await pair()
  const id = await held({ memberId, hostId })
  const rate = (who: object, bookingId = id) => rateSession(ctx, who, bookingId, { stars: 5, tags: [] })
  const both = await Promise.allSettled([rate({ memberId }), rate({ memberId })])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  await expect(rate({ memberId: hostId })).rejects.toMatchObject({ code: 'not_found' })
  await expect(readRatings(ctx, { memberId: await rows.member() }, id)).rejects.toMatchObject({
    code: 'not_found',
  })
  const unheld = await rows.sold(
    { memberId, hostId },
    { start: minutesLater(++hours * 60), state: 'completed' },
  )
  await expect(rate({ memberId }, unheld)).rejects.toMatchObject({ code: 'conflict' })
  const paused = { ...ctx, config: { isRatingOn: false } } as Context
  await expect(rateSession(paused, { hostId }, id, { stars: 5, tags: [] })).rejects.toMatchObject({
    code: 'switched_off',
  })
  await expect(readReceivedRatings(paused, { hostId })).rejects.toMatchObject({ code: 'switched_off' })
  await expect(readRatings(paused, { hostId }, id)).rejects.toMatchObject({ code: 'switched_off' })
})
