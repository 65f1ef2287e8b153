// What Cal.com said about a host's times, when it was asked, and what a host card says of it.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Db } from '../../server/db/client.ts'
import type { Context } from '../../server/journey/context.ts'
import { findNextFree } from '../../server/journey/times/find-next-free.ts'
import { readCalSlots } from '../../server/journey/times/read-cal-slots.ts'
import { addDays, addMinutes, dayMs, now, setClockOffset } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { openRows, type Rows } from './rows.ts'

let database: FreshDatabase
let rows: Rows
let db: Db
let calcom: Server
let ctx: Context
let answer: () => string[] = () => []
let asked = 0

beforeAll(async () => {
  database = await freshDatabase()
  rows = await openRows(database.url)
  db = openDatabase(database.url, 2)
  calcom = createServer((_request, response) => {
    asked++
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: 'success', data: { day: answer().map((start) => ({ start })) } }))
  })
  await new Promise<void>((resolve) => calcom.listen(0, '127.0.0.1', resolve))
  const apiUrl = `http://127.0.0.1:${(calcom.address() as AddressInfo).port}`
  ctx = { db, calcom: { apiUrl, apiKey: 'cal_key', webhookSecret: 'unused' } } as Context
})
afterEach(() => setClockOffset(0))
afterAll(async () => {
  calcom?.close()
  await db?.destroy()
  await rows?.close()
  await database?.drop()
})

async function calHost() {
  const id = await rows.host()
  await rows.run(`update hosts set cal_username = 'ruby', cal_event_slug = '10min' where id = $1`, [id])
  return { id, calUsername: 'ruby', calEventSlug: '10min' }
}

async function card(hostId: string) {
  return (await findNextFree(db, [hostId])).get(hostId)
}

test('a card says "none" only where the calendar said none at all, not where its times have passed', async () => {
  const soon = [addMinutes(now(), 60), addMinutes(now(), 70)]
  const [busy, idle] = [await calHost(), await calHost()]
  answer = () => soon.map((start) => start.toISOString())
  await readCalSlots(ctx, busy, now(), addDays(now(), 1))
  answer = () => []
  await readCalSlots(ctx, idle, now(), addDays(now(), 1))
  expect(await card(busy.id)).toMatchObject({ availability: 'free', start: soon[0] })
  expect(await card(idle.id)).toMatchObject({ availability: 'none', start: null })
  await rows.run('update calendar_slots set next_starts = $1 where host_id = $2', [
    [addMinutes(now(), -5)],
    busy.id,
  ])
  setClockOffset(11_000)
  expect(await card(busy.id)).toMatchObject({ availability: 'unknown', start: null })
})

test('an answer is as old as its question, also where the clock moved or time passed meanwhile', async () => {
  const host = await calHost()
  const before = now()
  answer = () => {
    setClockOffset(90 * dayMs)
    return [addMinutes(before, 60).toISOString()]
  }
  await readCalSlots(ctx, host, before, addDays(before, 1))
  expect(await card(host.id)).toMatchObject({ availability: 'unknown', start: null })
  const [row] = await rows.run<{ read_at: Date }>('select read_at from calendar_slots where host_id = $1', [
    host.id,
  ])
  expect(row!.read_at.getTime() - before.getTime()).toBeLessThan(dayMs)
})

test('who needs an answer to a question of their own does not get that of an earlier one', async () => {
  const host = await calHost()
  const questions = asked
  answer = () => {
    if (asked === questions + 1) setClockOffset(10_000)
    return []
  }
  const earlier = readCalSlots(ctx, host, now(), addDays(now(), 1))
  const own = readCalSlots(ctx, host, now(), addDays(now(), 1), addMinutes(now(), 0.1))
  await Promise.all([earlier, own])
  expect(asked - questions).toBe(2)
})
