// A session whose attendance could not be read for an hour: an operator is asked, until it can be read.
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../server/db/client.ts'
import { openQueue } from '../../server/jobs/queue.ts'
import { reconcile } from '../../server/jobs/reconcile.ts'
import type { Context } from '../../server/journey/context.ts'
import { settleSession } from '../../server/journey/rooms/settle-session.ts'
import { setClockOffset } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { minutesLater, openRows, type Rows } from './rows.ts'

let database: FreshDatabase
let rows: Rows
let db: Db
let boss: PgBoss
beforeAll(async () => {
  database = await freshDatabase()
  rows = await openRows(database.url)
  db = openDatabase(database.url, 4)
  boss = await openQueue(database.url, false)
})
afterAll(async () => {
  setClockOffset(0)
  await boss?.stop({ graceful: false })
  await rows?.close()
  await db?.destroy()
  await database?.drop()
})

test('the task about a silent video provider closes when the session is settled', async () => {
  const ctx = { db, config: { payoutDelayHours: 0 } } as Context
  const id = await rows.sold(
    { memberId: await rows.member(), hostId: await rows.host() },
    { start: minutesLater(0) },
  )
  setClockOffset(minutesLater(90).getTime() - Date.now())
  const open = async () =>
    (await rows.run('select kind from operator_tasks where resolved_at is null')).map(({ kind }) => kind)
  await reconcile(ctx)
  expect(await open()).toEqual(['job_failed'])
  expect(await settleSession(ctx, id, 0)).toBe('settled')
  expect(await open()).toEqual(['attendance_unknown'])
})
