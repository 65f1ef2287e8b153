import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../server/db/client.ts'
import { clearUnusedCodes } from '../../server/journey/members/clear-unused-codes.ts'
import { newId } from '../../server/lib/ids.ts'
import { addMinutes, now } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'

let database: FreshDatabase
let db: Db
beforeAll(async () => {
  database = await freshDatabase()
  db = openDatabase(database.url, 8)
})
beforeEach(() => sql`delete from sign_in_verifications`.execute(db))
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

const ask = (identifier: string, expiresInMinutes = 10) =>
  db
    .insertInto('signInVerifications')
    .values({
      id: newId(),
      identifier,
      value: '123456:0',
      expiresAt: addMinutes(now(), expiresInMinutes),
      createdAt: now(),
      updatedAt: now(),
    })
    .execute()
const rows = async () =>
  (await db.selectFrom('signInVerifications').select('identifier').orderBy('identifier').execute()).map(
    ({ identifier }) => identifier,
  )

test('a code asked for many times at once leaves one row, and no request fails', async () => {
  await Promise.all(Array.from({ length: 24 }, (_, index) => ask(`number-${index % 3}`)))
  expect(await rows()).toEqual(['number-0', 'number-1', 'number-2'])
})

test('codes that were never used are cleared once they have run out, and no others', async () => {
  await ask('old', -1)
  await ask('older', -5000)
  await ask('waiting', 5)
  expect(await clearUnusedCodes(db)).toBe(2)
  expect(await rows()).toEqual(['waiting'])
  expect(await clearUnusedCodes(db)).toBe(0)
})
