import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type EachAlone, eachAlone } from '../../server/calls/each-alone.ts'
import { type Db, openDatabase } from '../../server/db/client.ts'
import { setClockOffset } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'

let database: FreshDatabase
let db: Db
let kind = ''
let kinds = 0
beforeAll(async () => {
  database = await freshDatabase()
  db = openDatabase(database.url, 4)
})
beforeEach(() => {
  kind = `kind-${++kinds}`
  offsetMs = 0
})
afterEach(() => setClockOffset(0))
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

let offsetMs = 0
const pass = (minutes: number) => setClockOffset((offsetMs += minutes * 60_000))

function run(rows: string[], broken: string[], more: Partial<EachAlone<string>> = {}) {
  const tried: string[] = []
  const done = eachAlone(db, rows, {
    kind,
    keyOf: (row) => row,
    act: async (row) => {
      tried.push(row)
      if (broken.includes(row)) throw new Error(`${row} is broken`)
    },
    taskFor: (row, lastError) => ({ kind: 'job_failed', sentence: `${row}: ${lastError}` }),
    ...more,
  })
  return done.then((succeeded) => ({ succeeded, tried }))
}

const tasks = () =>
  db
    .selectFrom('operatorTasks')
    .select(['key', 'sentence', 'resolvedAt'])
    .where('key', 'like', `${kind}:%`)
    .execute()

test('one row that fails stops no other', async () => {
  expect(await run(['a', 'b', 'c'], ['b'])).toEqual({ succeeded: 2, tried: ['a', 'b', 'c'] })
})

test('a row in quarantine waits longer after each failure, while the others go on', async () => {
  await run(['a', 'b'], ['b'])
  expect((await run(['a', 'b'], ['b'])).tried).toEqual(['a'])
  pass(1)
  expect((await run(['a', 'b'], ['b'])).tried).toEqual(['a', 'b'])
  pass(1)
  expect((await run(['a', 'b'], ['b'])).tried).toEqual(['a'])
  pass(1)
  expect((await run(['a', 'b'], ['b'])).tried).toEqual(['a', 'b'])
})

test('a row that keeps failing makes one task that names its cause, however many tries', async () => {
  for (let tries = 0; tries < 12; tries++) {
    await run(['b'], ['b'])
    pass(61)
  }
  expect(await tasks()).toEqual([{ key: `${kind}:b`, sentence: 'b: b is broken', resolvedAt: null }])
})

test('a row that money waits for makes its task after an hour', async () => {
  await run(['b'], ['b'], { isMoney: true })
  pass(59)
  await run(['b'], ['b'], { isMoney: true })
  expect(await tasks()).toEqual([])
  pass(5)
  await run(['b'], ['b'], { isMoney: true })
  expect(await tasks()).toHaveLength(1)
})

test('a row that succeeds leaves the quarantine and closes its task, which opens again with the next failures', async () => {
  const failing = async () => {
    for (let tries = 0; tries < 8; tries++) {
      await run(['b'], ['b'])
      pass(61)
    }
  }
  await failing()
  expect((await run(['b'], [])).succeeded).toBe(1)
  expect((await tasks()).map(({ resolvedAt }) => resolvedAt !== null)).toEqual([true])
  expect(await db.selectFrom('quarantine').selectAll().where('kind', '=', kind).execute()).toEqual([])
  await failing()
  expect((await tasks()).map(({ resolvedAt }) => resolvedAt !== null)).toEqual([false])
})

test('rows that are left when the queue aborts the job are not begun', async () => {
  const stop = new AbortController()
  const { tried } = await run(['a', 'b'], [], { signal: stop.signal, act: async () => stop.abort() })
  expect(tried).toEqual([])
  expect((await run(['a'], [], { signal: stop.signal })).tried).toEqual([])
})

test('a transient failure is thrown, and does not quarantine its row', async () => {
  const isTransient = (error: unknown) => (error as Error).message.startsWith('b')
  await expect(run(['a', 'b', 'c'], ['a', 'b'], { isTransient })).rejects.toThrow('b is broken')
  const rows = db.selectFrom('quarantine').select('key').where('kind', '=', kind)
  expect(await rows.execute()).toEqual([{ key: 'a' }])
})
