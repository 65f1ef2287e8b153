// Every fault of every service during a journey's acts, and then a search: no key, code, token or card number
// stands in the database or the logs.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callFaults, type NewFault } from '../../sandbox/core/faults.ts'
import { openChecklist } from '../../world/checklist.ts'
import { walkJourney } from '../../world/walk.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { paidPurchase, signedInHost, signedInMember } from '../people/actors.ts'
import { untilIdle } from '../people/evidence.ts'
import { clearFaults, injectFault } from './sandbox.ts'

/** Calls of jobs, whose errors the queue keeps. What a person clicks would end the walk after so many. */
const struck = {
  stripe: ['transfers.create', 'charges.retrieve'],
  twilio: ['messages.create', 'messages.list'],
  calcom: ['bookings.list'],
  daily: ['rooms.create', 'meetings.list'],
  airtable: ['records.update', 'meta.tables.list'],
}
let presence: Presence
beforeAll(async () => {
  presence = await startPresence()
})
afterAll(() => presence?.stop())

/** Every row of every table as text, by table; also of the queue, where outputs of jobs are kept. */
async function dump(): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: presence.databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(`
      select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`)
    const tables = new Map<string, string>()
    for (const { name } of rows) {
      const found = await client.query<{ row: string }>(`select row_to_json(t)::text as row from ${name} t`)
      tables.set(name, found.rows.map(({ row }) => row).join('\n'))
    }
    return tables
  } finally {
    await client.end()
  }
}

test('after every fault of every service no credential stands in the database or the logs', async () => {
  const codes: string[] = []
  for (const [provider, operations] of Object.entries(struck) as [NewFault['provider'], string[]][])
    for (const operation of operations)
      for (const kind of callFaults)
        await injectFault(presence, { provider, operation, kind, times: 1, delayMs: 200 })
  const member = await signedInMember(presence)
  const host = await signedInHost(presence, 'Ruby Tamihana')
  const list = openChecklist(() => undefined)
  await walkJourney({ ...presence, onSetback: () => undefined }, list, {})
  await clearFaults(presence)
  await presence.moveClock({ advanceMs: minuteMs })
  await untilIdle(presence)
  // A later success replaces what the queue kept of a failure, so some jobs are still failing at the search.
  for (const [provider, operations] of Object.entries(struck) as [NewFault['provider'], string[]][])
    for (const operation of operations)
      await injectFault(presence, { provider, operation, kind: 'timeout_after' })
  await paidPurchase(member, host)
  await expect
    .poll(async () => (await dump()).get('pgboss.job'), { timeout: 20_000 })
    .toMatch(/"name":"send-message".*"state":"retry".*"output":\{/)
  for (const { code } of presence.sandbox.ctx.store.list<{ code: string }>('twilio.verification'))
    codes.push(code)
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = presence.keys
  const secrets: Record<string, string> = {
    'the Basic header': Buffer.from(`${sid}:${token}`).toString('base64'),
    'the auth secret': presence.env['AUTH_SECRET']!,
    'the clock key': presence.env['CLOCK_KEY']!,
    'a card number': '4242424242424242',
  }
  for (const [name, value] of Object.entries(presence.keys))
    if (!/_SID$|_ID$|PUBLISHABLE/.test(name)) secrets[name] = value
  for (const [name, id] of [...presence.sandbox.ctx.store.list<{ token?: string }>('daily.token')].entries())
    if (id.token) secrets[`room token ${name}`] = id.token
  const places = new Map([...(await dump()), ['the logs', presence.logs()]])
  const found: string[] = []
  for (const [place, text] of places)
    for (const [name, secret] of Object.entries(secrets))
      if (text.includes(secret)) found.push(`${name} in ${place}`)
  // Six digits may stand anywhere by chance, so codes are looked for where a text would have them.
  for (const [place, text] of places)
    for (const code of codes)
      if (new RegExp(`(?:code|otp)[^0-9]{1,20}${code}\\b`, 'i').test(text)) found.push(`a code in ${place}`)
  expect(found).toEqual([])
  expect(places.size).toBeGreaterThan(40)
})
