import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayMs, hourMs, minuteMs } from '../server/lib/time.ts'
import { freshDatabase, type FreshDatabase } from '../tests/harness/database.ts'

const folder = mkdtempSync(join(tmpdir(), 'presence-slots-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function slots(words: string[], environment: Record<string, string> = {}) {
  return new Promise<{ status: number; out: string; err: string }>((resolve) => {
    const env = { ...process.env, DATABASE_URL: '', DATA_DIR: folder, ...environment }
    execFile(
      process.execPath,
      [join(import.meta.dirname, 'slots.ts'), ...words],
      { env },
      (error, out, err) => {
        resolve({ status: error ? Number(error.code) : 0, out, err })
      },
    )
  })
}

function fileOf(content: unknown): string {
  const file = join(folder, 'cases.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const mondays = {
  name: 'mondays',
  timeZone: 'Australia/Sydney',
  weekly: [{ days: [1], start: '09:00', end: '09:30' }],
  dateOverrides: [],
  eventMinutes: 10,
  intervalMinutes: null,
  minimumNoticeMinutes: 0,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  busy: [{ kind: 'external', start: '2027-02-28T22:10:00Z', end: '2027-02-28T22:20:00Z' }],
  holds: [
    {
      owner: 'other',
      start: '2027-02-28T22:20:00Z',
      end: '2027-02-28T22:30:00Z',
      releaseAt: '2027-02-01T00:05:00Z',
    },
  ],
  queryFrom: '2027-02-28T00:00:00Z',
  queryTo: '2027-03-02T00:00:00Z',
  now: '2027-02-01T00:00:00Z',
}
const nobody = { ...mondays, name: 'nobody', weekly: [], viewerTimeZone: 'Asia/Kolkata' }

describe('npm run slots for given cases', () => {
  it('prints only JSON, in the order of the cases', async () => {
    const { out, status } = await slots(['--file', fileOf([nobody, mondays]), '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toEqual([
      { name: 'nobody', starts: [] },
      { name: 'mondays', starts: ['2027-02-28T22:00:00.000Z'] },
    ])
  })

  it('prints a list for a single case too', async () => {
    const { out } = await slots(['--file', fileOf(mondays), '--json'])
    expect(JSON.parse(out)).toEqual([{ name: 'mondays', starts: ['2027-02-28T22:00:00.000Z'] }])
  })

  it('tells a person which times are free, and why the others are not', async () => {
    const { out } = await slots([
      '--file',
      fileOf({ ...mondays, queryFrom: '2027-02-28T21:40:00Z', queryTo: '2027-02-28T22:30:00Z' }),
    ])
    expect(
      out
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ).toEqual([
      'mondays, on the clock of Australia/Sydney:',
      '2027-03-01',
      'free  09:00',
      '08:40 to 08:50',
      "- The 10 minutes of the session are not inside the host's hours. On 2027-03-01 they are 09:00 to 09:30, by the weekly hours.",
      '09:10',
      '- An entry in another calendar, 2027-03-01 09:10 to 09:20 (Australia/Sydney), is in the way.',
      '09:20',
      '- Somebody is booking 2027-03-01 09:20 to 09:30 (Australia/Sydney); it is held until 2027-02-01 11:05 (Australia/Sydney).',
    ])
  })

  it("tells a person why a time on the host's clock is not free", async () => {
    const { out } = await slots(['--file', fileOf(mondays), '--at', '2027-03-01T09:20'])
    expect(out).toContain('mondays: 2027-02-28T22:20:00.000Z is not free.')
    expect(out).toContain('Somebody is booking 2027-03-01 09:20 to 09:30 (Australia/Sydney)')
    expect((await slots(['--file', fileOf(mondays), '--at', '2027-02-28T22:00Z'])).out).toContain('is free.')
  })

  it('refuses unreadable input with a sentence and status 1', async () => {
    const wrong = await slots([
      '--file',
      fileOf([mondays, { ...mondays, timeZone: 'Mars', now: 'soon' }]),
      '--json',
    ])
    expect(wrong).toEqual({
      status: 1,
      out: '',
      err: 'case 2, timeZone: must be a time zone like Australia/Sydney\ncase 2, now: must be an instant like 2027-03-01T09:00:00Z\n',
    })
    expect(await slots(['--file', fileOf('[{'), '--json'])).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining('is not JSON'),
    })
    expect(await slots(['--file', join(folder, 'none.json'), '--json'])).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringContaining('cannot be read'),
    })
    expect((await slots(['--file', fileOf(mondays), '--at', 'noon'])).err).toMatch(/^--at is "noon"/)
    expect((await slots([])).status).toBe(2)
  })
})

describe('npm run slots for a host of the Presence that runs', () => {
  let database: FreshDatabase
  const id = '0190d5a2-1234-7abc-8def-0123456789ab'
  const amelia = '0190d5a2-1234-7abc-8def-0123456789ac'

  // A whole hour of the day after tomorrow, and minutes after it.
  const hour = Math.ceil(Date.now() / hourMs) * hourMs + 2 * dayMs
  const at = (minutes: number) => new Date(hour + minutes * minuteMs).toISOString()

  beforeAll(async () => {
    database = await freshDatabase()
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const weekly = JSON.stringify([{ days: [0, 1, 2, 3, 4, 5, 6], start: '00:00', end: '24:00' }])
    await client.query(
      `insert into hosts (id, airtable_record_id, full_name, time_zone, verification_status, status, weekly_hours, cal_username, cal_event_slug, created_at, updated_at)
       values ($1, 'rec1', 'Ruby Tamihana', 'Pacific/Auckland', 'Verified', 'Active', $3, null, null, now(), now()),
         ($2, 'rec2', 'Amelia Hart', 'Australia/Sydney', 'Verified', 'Active', '[]', 'amelia-hart', '10min', now(), now())`,
      [id, amelia, weekly],
    )
    await client.query(
      `insert into imported_calendars (id, host_id, address, created_at, due_at) values ($1, $2, 'https://calendar.example/x.ics', now(), now())`,
      [amelia, id],
    )
    await client.query(
      'insert into busy_times (imported_calendar_id, host_id, start_at, end_at) values ($1, $2, $3, $4)',
      [amelia, id, at(0), at(20)],
    )
    await client.query('insert into calendar_slots (host_id, starts, read_at) values ($1, $2, now())', [
      amelia,
      [at(0), at(30)],
    ])
    await client.end()
  })
  afterAll(() => database.drop())

  it('lists the free starts, and says why another time is not free', async () => {
    const listed = await slots(['--host', 'ruby', '--days', '2', '--json'], { DATABASE_URL: database.url })
    expect(listed.err).toBe('')
    const { name, starts } = JSON.parse(listed.out)
    expect(name).toBe('Ruby Tamihana')
    expect(starts.length).toBeGreaterThan(200)

    const far = new Date(Date.parse(starts[0]) + 60 * dayMs).toISOString()
    const refused = await slots(['--host', id, '--at', far], { DATABASE_URL: database.url })
    expect(refused.out).toContain('The calendar opens 30 days ahead')
  })

  it('accepts a range of time, and knows the entries of connected calendars', async () => {
    const listed = await slots(['--host', id, '--from', at(-10), '--to', at(40), '--json'], {
      DATABASE_URL: database.url,
    })
    expect(JSON.parse(listed.out)).toEqual({
      name: 'Ruby Tamihana',
      starts: [at(-10), at(20), at(30)],
      notFree: [
        {
          first: at(0),
          last: at(10),
          reasons: [expect.stringMatching(/^An entry in another calendar, .* is in the way\.$/)],
        },
      ],
    })
    const { status, err } = await slots(['--host', id, '--from', at(40), '--to', at(-10)], {
      DATABASE_URL: database.url,
    })
    expect([status, err]).toEqual([1, '--to should be later than --from.\n'])
  })

  it("uses Cal.com's answer where a host is booked there", async () => {
    const { out, err } = await slots(['--host', 'amelia', '--from', at(0), '--to', at(40), '--json'], {
      DATABASE_URL: database.url,
    })
    expect(err).toContain('Amelia Hart is booked through Cal.com (amelia-hart).')
    expect(JSON.parse(out)).toMatchObject({
      starts: [at(0), at(30)],
      notFree: [
        {
          first: at(10),
          last: at(20),
          reasons: ['Cal.com does not offer it. The hours and calendars of amelia-hart there say why.'],
        },
      ],
    })
  })

  it('names the hosts when the wanted one is unknown, and says how to start when nothing runs', async () => {
    const unknown = await slots(['--host', 'nobody'], { DATABASE_URL: database.url })
    expect(unknown).toEqual({
      status: 1,
      out: '',
      err: 'No host is called "nobody". There are: Amelia Hart, Ruby Tamihana.\n',
    })
    expect((await slots(['--host', 'ruby'])).err).toBe(
      'No Presence is running here. Start it with npm start, or set DATABASE_URL.\n',
    )
  })
})
