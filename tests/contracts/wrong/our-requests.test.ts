// The same list, for what our server sends: every request of its integrations.
import { beforeAll, describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../../sandbox/core/journal.ts'
import type { ProviderName } from '../../../sandbox/core/provider.ts'
import { decodeFields } from '../contract/fields.ts'
import { callOf } from '../contract/judge.ts'
import { callEverything } from '../ours/calls.ts'
import { type Parsed, startOutside } from '../use/world.ts'

let entries: JournalEntry[]
beforeAll(async () => {
  const outside = await startOutside()
  await callEverything(outside)
  entries = (await outside.journal()).filter(({ kind }) => kind === 'call')
  await outside.close()
})

const sent = (provider: ProviderName, operation = '') =>
  entries.filter((entry) => entry.provider === provider && entry.operation.startsWith(operation))
const form = (entry: JournalEntry): Parsed => decodeFields(new URLSearchParams(entry.requestBody))
const json = (entry: JournalEntry): Parsed => JSON.parse(entry.requestBody)
const posts = (provider: ProviderName, operation?: string) =>
  sent(provider, operation).filter(({ method }) => method === 'POST')

describe('our requests to Stripe', () => {
  test('are forms, name the version, and carry an idempotency key made from our id', () => {
    // No key is needed here: a link is for one visit, expiring a checkout can be repeated, and endpoints are
    // looked up before they are created.
    const repeatable = [
      'account_links.create',
      'accounts.create_login_link',
      'checkout.sessions.expire',
      'webhook_endpoints.create',
      'webhook_endpoints.update',
    ]
    for (const { requestHeaders } of sent('stripe'))
      expect(requestHeaders['stripe-version']).toMatch(/^\d{4}-\d{2}-\d{2}\.\w+$/)
    for (const { operation, requestHeaders } of posts('stripe')) {
      expect(requestHeaders['content-type']).toBe('application/x-www-form-urlencoded')
      if (!repeatable.includes(operation))
        expect([operation, requestHeaders['idempotency-key']]).toEqual([
          operation,
          expect.stringMatching(/^[a-z-]+:.{1,240}$/),
        ])
    }
  })
  test('open an embedded page that expires between 30 minutes and 24 hours later', () => {
    for (const entry of posts('stripe', 'checkout.sessions.create')) {
      const { ui_mode: mode, expires_at: expiresAt } = form(entry)
      const aheadMinutes = (Number(expiresAt) - Date.parse(entry.at) / 1000) / 60
      expect([mode, aheadMinutes > 30, aheadMinutes < 24 * 60]).toEqual(['embedded_page', true, true])
    }
  })
  test('read the charge from latest_charge, never from the charges of a payment intent', () => {
    const expanded = sent('stripe')
      .flatMap((entry) => [callOf(entry).query.toString(), entry.requestBody])
      .map(decodeURIComponent)
    expect(expanded.some((text) => text.includes('payment_intent.latest_charge'))).toBe(true)
    expect(expanded.filter((text) => /payment_intent\.charges/.test(text))).toEqual([])
  })
  test('transfer from the paid charge in its currency, and reverse the transfer for a refund', () => {
    for (const entry of posts('stripe', 'transfers.create').filter(
      ({ operation }) => operation === 'transfers.create',
    )) {
      expect(form(entry)).toMatchObject({
        currency: 'aud',
        destination: expect.stringMatching(/^acct_/),
        source_transaction: expect.stringMatching(/^(ch|py)_/),
      })
    }
    for (const entry of posts('stripe', 'refunds.create'))
      expect(Object.keys(form(entry)).sort()).toEqual(['amount', 'charge', 'metadata'])
    expect(posts('stripe', 'transfers.create_reversal').length).toBeGreaterThan(0)
  })
  test('give both addresses for onboarding, and read the account to know whether it is done', () => {
    for (const entry of posts('stripe', 'account_links.create')) {
      expect(form(entry)).toEqual({
        account: expect.any(String),
        type: 'account_onboarding',
        refresh_url: expect.stringContaining('http'),
        return_url: expect.stringContaining('http'),
      })
    }
    expect(sent('stripe', 'accounts.retrieve').length).toBeGreaterThan(0)
  })
  test('make the endpoint of Connect events with connect=true, and every endpoint for this version', () => {
    for (const entry of posts('stripe', 'webhook_endpoints.create'))
      expect(form(entry)).toMatchObject({ connect: 'true', api_version: expect.stringMatching(/^\d{4}/) })
  })
})

test('our requests to Twilio are forms with basic authorization; an SMS has number, service and text', () => {
  for (const { requestHeaders } of posts('twilio')) {
    expect([requestHeaders['content-type'], requestHeaders['authorization']?.slice(0, 6)]).toEqual([
      'application/x-www-form-urlencoded',
      'Basic ',
    ])
  }
  for (const entry of posts('twilio', 'messages.create')) {
    expect(form(entry)).toEqual({
      To: expect.stringMatching(/^\+/),
      MessagingServiceSid: expect.stringMatching(/^MG/),
      Body: expect.any(String),
      StatusCallback: expect.stringContaining('http'),
    })
  }
  for (const entry of posts('twilio', 'verificationChecks.create'))
    expect(form(entry)).toEqual({ To: expect.stringMatching(/^\+/), Code: expect.any(String) })
})

describe('our requests to Cal.com', () => {
  test('name the version of their controller, and carry the key', () => {
    const versions: Record<string, string> = {
      slots: '2024-09-04',
      bookings: '2024-08-13',
      'event-types': '2024-06-14',
      schedules: '2024-06-11',
    }
    for (const { operation, requestHeaders } of sent('calcom')) {
      expect([operation, requestHeaders['cal-api-version']]).toEqual([
        operation,
        versions[operation.split('.')[0]!],
      ])
      expect(requestHeaders['authorization']).toMatch(/^Bearer cal_/)
    }
  })
  test('start in UTC without an end, with a name, a zone and an address, and with flat metadata', () => {
    for (const entry of posts('calcom', 'bookings.create')) {
      const body = json(entry)
      expect([body.start, 'end' in body]).toEqual([
        expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
        false,
      ])
      expect(body.attendee).toMatchObject({
        name: expect.any(String),
        timeZone: expect.stringContaining('/'),
        email: expect.stringContaining('@'),
      })
      for (const value of Object.values(body.metadata)) expect(value).toEqual(expect.any(String))
    }
  })
  test('reserve a slot with the key that a longer time needs, and delete the reservation afterwards', () => {
    expect(
      posts('calcom', 'slots.reservations.create').map((entry) => json(entry).reservationDuration),
    ).toContain(6)
    expect(sent('calcom', 'slots.reservations.delete').length).toBeGreaterThan(0)
  })
  test('say who did not come in the documented shape', () => {
    expect(posts('calcom', 'bookings.mark-absent').map(json)).toEqual([
      { host: true },
      { attendees: [{ email: expect.any(String), absent: true }] },
    ])
  })
})

describe('our requests to Daily', () => {
  const bySeconds = (value: unknown) => Number.isInteger(value) && Number(value) < 10 ** 11
  test('create private rooms with short names that open, close and eject people by themselves', () => {
    for (const entry of posts('daily', 'rooms.create')) {
      const { name, privacy, properties } = json(entry)
      expect([
        privacy,
        /^[A-Za-z0-9_-]{1,33}$/.test(name),
        bySeconds(properties.nbf),
        bySeconds(properties.exp),
        properties.eject_at_room_exp,
      ]).toEqual(['private', true, true, true, true])
    }
  })
  test('create tokens for one room, one person and one time', () => {
    for (const entry of posts('daily', 'meeting-tokens.create')) {
      const { properties } = json(entry)
      expect([
        typeof properties.room_name,
        bySeconds(properties.exp),
        properties.user_id.length <= 36,
      ]).toEqual(['string', true, true])
    }
  })
  test('are JSON with a bearer key', () => {
    for (const { requestHeaders } of posts('daily')) {
      expect([requestHeaders['content-type'], requestHeaders['authorization']?.slice(0, 7)]).toEqual([
        'application/json',
        'Bearer ',
      ])
    }
  })
})

test('our writes to Airtable are upserts of at most ten records with typecast, or about one row, by ids', () => {
  // The doctor tries the right to write with a row that does not exist.
  const isKnown = (entry: JournalEntry) =>
    !/Nonsense|rec0{14}/.test(entry.requestBody) && !entry.url.includes('/Nothing')
  // A host's row is changed or deleted by its own id.
  const isOneRow = (entry: JournalEntry) => /\/rec\w{14}$/.test(callOf(entry).path)
  for (const entry of sent('airtable', 'records.').filter(isKnown))
    expect(callOf(entry).path).toMatch(
      isOneRow(entry) ? /^\/v0\/app\w+\/tbl\w{14}\/rec\w{14}$/ : /^\/v0\/app\w+\/tbl\w{14}$/,
    )
  for (const entry of sent('airtable', 'records.')
    .filter((entry) => entry.method !== 'GET' && !isOneRow(entry))
    .filter(isKnown)) {
    const { performUpsert, typecast, records } = json(entry) as {
      performUpsert: { fieldsToMergeOn: string[] }
      typecast: boolean
      records: { fields: object }[]
    }
    expect([entry.method, typecast, records.length <= 10]).toEqual(['PATCH', true, true])
    expect(
      [...performUpsert.fieldsToMergeOn, ...records.flatMap(({ fields }) => Object.keys(fields))].filter(
        (name) => !/^fld\w{14}$/.test(name),
      ),
    ).toEqual([])
  }
})

test('our webhook at Airtable watches only the fields that we read, not those that we write', () => {
  const [created] = posts('airtable', 'webhooks.create')
  expect(json(created!).specification.options.filters).toEqual({
    dataTypes: ['tableData'],
    watchDataInFieldIds: [expect.stringMatching(/^fld\w{14}$/)],
  })
})

test('our reads of Airtable ask for no more than a page, and for fields by their ids', () => {
  expect(sent('airtable', 'records.list').length).toBeGreaterThan(0)
  for (const entry of sent('airtable', 'records.list')) {
    const { query } = callOf(entry)
    expect([Number(query.get('pageSize') ?? 100) <= 100, query.get('returnFieldsByFieldId')]).toEqual([
      true,
      'true',
    ])
  }
})
