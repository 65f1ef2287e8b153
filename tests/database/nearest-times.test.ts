import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Db } from '../../server/db/client.ts'
import type { Context } from '../../server/journey/context.ts'
import { offerNearestTimes } from '../../server/journey/times/offer-nearest-times.ts'
import { Refusal } from '../../server/lib/errors.ts'
import { addDays, now } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { openRows, type Rows } from './rows.ts'

let database: FreshDatabase
let rows: Rows
let db: Db
beforeAll(async () => {
  database = await freshDatabase()
  rows = await openRows(database.url)
  db = openDatabase(database.url, 2)
})
afterAll(async () => {
  await db?.destroy()
  await rows?.close()
  await database?.drop()
})

test('members who lose a time are offered times that fit the length of their own session', async () => {
  const hostId = await rows.host()
  const always = [{ days: [0, 1, 2, 3, 4, 5, 6], start: '09:00', end: '09:40' }]
  await rows.run('update hosts set weekly_hours = $2, interval_minutes = 10 where id = $1', [
    hostId,
    JSON.stringify(always),
  ])
  const lose = async (sessionMinutes: number) => {
    const bookingId = await rows.sold({ memberId: await rows.member(), hostId })
    await rows.run(
      "update purchases set terms = jsonb_set(terms, '{sessionMinutes}', $2::text::jsonb) where id = (select purchase_id from bookings where id = $1)",
      [bookingId, String(sessionMinutes)],
    )
    const refused = offerNearestTimes({ db } as Context, { hostId, bookingId, start: nine }, () =>
      Promise.reject(new Refusal('time_taken', 'Gone.')),
    )
    const { details } = await refused.then(
      () => expect.unreachable(),
      (error: Refusal) => error,
    )
    return (details!['nearest'] as string[])
      .filter((time) => time.startsWith(nine.toISOString().slice(0, 10)))
      .map((time) => time.slice(11, 16))
  }
  const nine = new Date(`${addDays(now(), 3).toISOString().slice(0, 10)}T09:00:00Z`)
  expect(await lose(10)).toEqual(['09:00', '09:10', '09:20', '09:30'])
  expect(await lose(30)).toEqual(['09:00', '09:10'])
})
