// An imported calendar, from its address to the times that it blocks. Only the open internet is simulated.
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../server/db/client.ts'
import type { Network } from '../../server/integrations/icalendar/address.ts'
import { certificate, privateKey } from '../../server/integrations/testing/certificate.ts'
import { openQueue } from '../../server/jobs/queue.ts'
import type { Context } from '../../server/journey/context.ts'
import { addCalendar, readCalendarNow, removeCalendar } from '../../server/journey/times/add-calendar.ts'
import { updateCalendar } from '../../server/journey/times/update-calendar.ts'
import { listCalendars } from '../../server/journey/times/list-calendars.ts'
import { pullCalendar, pullCalendars } from '../../server/journey/times/pull-calendar.ts'
import { readTakenTimes } from '../../server/journey/times/read-taken-times.ts'
import { clockOffsetMs, hourMs, minuteMs, now, setClockOffset } from '../../server/lib/time.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { openRows, type Rows } from './rows.ts'

let database: FreshDatabase
let rows: Rows
let db: Db
let boss: Awaited<ReturnType<typeof openQueue>>
let server: Server
let hostId: string
/** The answer of the calendar's server: a text, or a status. */
let answer: string | number = 404

// These verbs need only the database of the context.
const context = () => ({ db }) as Context
const network: Network = {
  resolve: async (name) => (name === 'calendar.example' ? ['93.184.216.34'] : []),
  dial: () => ({ address: '127.0.0.1', port: (server.address() as AddressInfo).port }),
  certificateAuthority: certificate,
}

beforeAll(async () => {
  server = createServer({ key: privateKey, cert: certificate }, (_request, response) => {
    if (typeof answer === 'number') response.writeHead(answer).end()
    else response.end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  database = await freshDatabase()
  rows = await openRows(database.url)
  db = openDatabase(database.url)
  boss = await openQueue(database.url, false)
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await boss?.stop({ graceful: false })
  await db?.destroy()
  await rows?.close()
  await database?.drop()
})
beforeEach(async () => {
  hostId = await rows.host()
})

const stamp = (moment: Date) => `${moment.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
// Fixed once, because the clock moves below and may pass the hour.
const begun = Math.floor(now().getTime() / hourMs) * hourMs
const tomorrow = (hour: number) => new Date(begun + (24 + hour) * hourMs)
function calendarWith(...hours: number[]): string {
  const events = hours.map(
    (hour) =>
      `BEGIN:VEVENT\r\nUID:${hour}\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:${stamp(tomorrow(hour))}\r\nDURATION:PT1H\r\nEND:VEVENT`,
  )
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...events, 'END:VCALENDAR'].join('\r\n')
}
const add = (address = 'webcal://calendar.example/mine.ics') =>
  addCalendar(context(), { hostId, address }, network)

async function busyHours(): Promise<number[]> {
  const [taken] = await readTakenTimes(db, [{ id: hostId, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 }], {
    from: now(),
    to: tomorrow(48),
  })
  return taken!.busy
    .map(({ start }) => (start.getTime() - tomorrow(0).getTime()) / hourMs)
    .sort((a, b) => a - b)
}

/** What reconciling would do now, and the jobs it enqueued. */
async function reconcile(): Promise<number> {
  await pullCalendars(context())
  const jobs = await rows.run<{ data: { importedCalendarId: string } }>(
    "delete from pgboss.job where name = 'pull-calendar' returning data",
  )
  for (const { data } of jobs) await pullCalendar(context(), data.importedCalendarId, network)
  return jobs.length
}

test('a calendar is read when it is connected, and again every fifteen minutes', async () => {
  answer = calendarWith(0, 3)
  await add()
  expect(await busyHours()).toEqual([0, 3])
  expect(await listCalendars(db, hostId)).toMatchObject([
    { address: 'https://calendar.example/mine.ics', problem: null, busyAhead: 2 },
  ])
  answer = calendarWith(3, 5)
  expect(await reconcile()).toBe(0)
  setClockOffset(clockOffsetMs() + 16 * minuteMs)
  expect(await reconcile()).toBe(1)
  expect(await busyHours()).toEqual([3, 5])
  expect(await reconcile()).toBe(0)
})

test('several calendars each have a colour of their own, and a name that the host gave them', async () => {
  answer = calendarWith(1)
  await add()
  await add('https://calendar.example/other.ics')
  await add('https://calendar.example/third.ics')
  const [first, second] = await listCalendars(db, hostId)
  const looks = async () => (await listCalendars(db, hostId)).map(({ name, color }) => [name, color])
  expect(await looks()).toEqual([
    ['', 'blue'],
    ['', 'violet'],
    ['', 'amber'],
  ])
  await updateCalendar(context(), { hostId, calendarId: first!.id, name: '  Work\u202e ', color: 'rose' })
  await updateCalendar(context(), { hostId, calendarId: second!.id, color: 'teal' })
  expect(await looks()).toEqual([
    ['Work', 'rose'],
    ['', 'teal'],
    ['', 'amber'],
  ])
  const other = await rows.host()
  await expect(
    updateCalendar(context(), { hostId: other, calendarId: first!.id, name: 'Mine' }),
  ).rejects.toMatchObject({ code: 'not_found' })
  await add('https://calendar.example/fourth.ics')
  expect((await looks()).at(-1), 'the first colour that no other has').toEqual(['', 'blue'])
})

test('the list holds what a calendar makes busy within two weeks, and nothing later or past', async () => {
  const hours = [-30, 0, 13 * 24 - 1, 15 * 24]
  answer = calendarWith(...hours)
  await add()
  const [calendar] = await listCalendars(db, hostId)
  const spans = [0, 13 * 24 - 1].map((hour) => ({
    start: tomorrow(hour).toISOString(),
    end: tomorrow(hour + 1).toISOString(),
  }))
  expect(calendar!.soon).toEqual(spans)
})

test('a calendar that cannot be read any more keeps its last busy times and tells the host why', async () => {
  answer = calendarWith(1)
  await add()
  const [calendar] = await listCalendars(db, hostId)
  for (const [broken, sentence] of [
    [503, 'refused with 503'],
    [410, 'nothing at this address'],
    ['<html>', 'This is no calendar'],
    ['BEGIN:VCALENDAR\r\nnonsense', 'cannot be read'],
  ] as const) {
    answer = broken
    await pullCalendar(context(), calendar!.id, network)
    expect(await listCalendars(db, hostId)).toMatchObject([
      { problem: expect.stringContaining(sentence), busyAhead: 1 },
    ])
    expect(await busyHours()).toEqual([1])
  }
  answer = calendarWith(2)
  await pullCalendar(context(), calendar!.id, network)
  expect(await listCalendars(db, hostId)).toMatchObject([{ problem: null, busyAhead: 1 }])
  expect(await busyHours()).toEqual([2])
})

test('a host reads which entries were skipped, and may have their own calendar read again at once', async () => {
  const odd = 'BEGIN:VEVENT\r\nUID:odd\r\nSUMMARY:Call\r\nDTSTART;TZID=Nowhere:20270310T090000\r\nEND:VEVENT'
  answer = calendarWith(2).replace('END:VCALENDAR', `${odd}\r\nEND:VCALENDAR`)
  await add()
  const [calendar] = await listCalendars(db, hostId)
  expect(calendar).toMatchObject({
    busyAhead: 1,
    skippedCount: 1,
    skipped: [{ title: 'Call', reason: 'Its time zone "Nowhere" is not known.' }],
  })
  answer = calendarWith(2, 6)
  const calendarId = calendar!.id
  const stranger = await rows.host()
  await expect(readCalendarNow(context(), { hostId: stranger, calendarId }, network)).rejects.toMatchObject({
    code: 'not_found',
  })
  expect(await busyHours()).toEqual([2])
  await readCalendarNow(context(), { hostId, calendarId }, network)
  expect(await busyHours()).toEqual([2, 6])
  expect(await listCalendars(db, hostId)).toMatchObject([{ skipped: [], skippedCount: 0 }])
})

test('an unreadable, repeated or sixth calendar is refused; a disconnected one blocks no time', async () => {
  answer = '<html>'
  await expect(add()).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('no calendar'),
  })
  await expect(add('https://10.0.0.1/mine.ics')).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('open internet'),
  })
  await expect(add('http://calendar.example/mine.ics')).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('https://'),
  })
  expect(await listCalendars(db, hostId)).toEqual([])
  answer = calendarWith(4)
  for (let index = 0; index < 5; index++) await add(`https://calendar.example/${index}.ics`)
  await expect(add('https://calendar.example/3.ics')).rejects.toMatchObject({ code: 'conflict' })
  await expect(add('https://calendar.example/5.ics')).rejects.toMatchObject({ code: 'conflict' })
  for (const { id } of await listCalendars(db, hostId))
    await removeCalendar(context(), { hostId, calendarId: id })
  expect(await busyHours()).toEqual([])
  // A job that was already enqueued finds nothing to do.
  await pullCalendar(context(), '01990000-0000-7000-8000-000000000001', network)
})

test('a host of Cal.com connects calendars there, and nobody disconnects those of others', async () => {
  answer = calendarWith(1)
  await add()
  const [calendar] = await listCalendars(db, hostId)
  await expect(
    removeCalendar(context(), { hostId: await rows.host(), calendarId: calendar!.id }),
  ).rejects.toMatchObject({ code: 'not_found' })
  expect(await busyHours()).toEqual([1])
  await rows.run("update hosts set cal_username = 'ruby', cal_event_slug = '10min' where id = $1", [hostId])
  await expect(add('https://calendar.example/other.ics')).rejects.toMatchObject({ code: 'not_allowed' })
})
