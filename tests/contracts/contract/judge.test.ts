// A check that never fails proves nothing: each kind of mistake is found here.
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../../sandbox/core/journal.ts'
import { decodeFields } from './fields.ts'
import { hasContracts } from './folder.ts'
import { judge, openContracts } from './judge.ts'

const version = '2026-10-28.endive'
const entry: JournalEntry = {
  id: 1,
  kind: 'call',
  provider: 'stripe',
  operation: 'transfers.create',
  method: 'POST',
  url: '/v1/transfers',
  at: '',
  status: 400,
  requestHeaders: { 'content-type': 'application/x-www-form-urlencoded', 'stripe-version': version },
  requestBody: 'amount=1206&currency=aud&destination=acct_1&metadata[a]=b',
  responseBody: '{"error":{"type":"invalid_request_error","message":"No"}}',
}
const json = { 'content-type': 'application/json' }

type Case = [what: string, wrong: Partial<JournalEntry>, problem: RegExp]
const cases: Case[] = [
  [
    'a parameter that Stripe does not know',
    { requestBody: `${entry.requestBody}&speed=fast` },
    /additional properties.*speed/,
  ],
  [
    'a parameter that Stripe needs',
    { requestBody: 'amount=1206&currency=aud' },
    /required property 'destination'/,
  ],
  [
    'a text where a number belongs',
    { requestBody: entry.requestBody.replace('1206', 'a lot') },
    /amount must be number/,
  ],
  [
    'another version of Stripe',
    { requestHeaders: { ...entry.requestHeaders, 'stripe-version': '2020-01-01' } },
    /Stripe-Version is 2020/,
  ],
  [
    'a body in JSON where a form belongs',
    { requestHeaders: { ...entry.requestHeaders, ...json } },
    /content-type application\/json/,
  ],
  ['an error of another shape', { responseBody: '{"message":"No"}' }, /required property 'error'/],
  ['an answer that is not JSON', { responseBody: '<html>' }, /JSON/],
  ['a status that nobody documented', { status: 202, responseBody: '{}' }, /no such answer is documented/],
  ['a path that nobody documented', { url: '/v1/transferrals' }, /in no specification/],
  [
    'a known value that is none',
    { url: '/v1/checkout/sessions', requestBody: 'mode=payment&ui_mode=embedded' },
    /ui_mode must be equal to one of the allowed values/,
  ],
  [
    'an object with a field too many',
    { status: 200, responseBody: '{"object":"transfer","colour":"red"}' },
    /colour/,
  ],
  [
    'an SMS without a number',
    {
      provider: 'twilio',
      url: `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`,
      requestBody: 'Body=Hello',
      responseBody: '{"code":1,"message":"a","more_info":"b","status":400}',
    },
    /required property 'To'/,
  ],
  [
    'a status inside that is not the one outside',
    {
      provider: 'twilio',
      url: `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`,
      requestBody: 'To=%2B61491570156',
      responseBody: '{"code":1,"message":"a","more_info":"b","status":500}',
    },
    /the status inside is another/,
  ],
  [
    'a Cal.com call without its version',
    {
      provider: 'calcom',
      url: '/v2/bookings',
      requestHeaders: json,
      requestBody: '{"start":"2030-01-01T00:00:00Z","attendee":{"name":"a","timeZone":"UTC"}}',
      responseBody:
        '{"status":"error","timestamp":"2030-01-01T00:00:00Z","path":"","error":{"code":"a","message":"b","details":{}}}',
    },
    /header cal-api-version is missing/,
  ],
  [
    'a Daily room with a word for a number',
    {
      provider: 'daily',
      url: '/v1/rooms',
      requestHeaders: json,
      requestBody: '{"properties":{"exp":"soon"}}',
      responseBody: '{"error":"invalid-request-error"}',
    },
    /properties\/exp must be integer/,
  ],
  [
    'eleven records at once',
    {
      provider: 'airtable',
      method: 'PATCH',
      url: '/v0/app1/Likes',
      requestHeaders: json,
      requestBody: JSON.stringify({ records: Array.from({ length: 11 }, () => ({ fields: {} })) }),
      responseBody: '{"error":"NOT_FOUND"}',
    },
    /must NOT have more than 10 items/,
  ],
  [
    'a webhook that nobody described',
    { kind: 'delivery', provider: 'daily', operation: 'recording.started', requestBody: '{}' },
    /no specification describes it/,
  ],
  [
    'an event without its object',
    {
      kind: 'delivery',
      operation: 'transfer.created',
      requestBody: JSON.stringify({
        type: 'transfer.created',
        api_version: version,
        data: { object: { object: 'transfer' } },
      }),
    },
    /data\.object .*required property 'id'/,
  ],
  [
    'a Cal.com webhook without a field of its example',
    {
      kind: 'delivery',
      provider: 'calcom',
      operation: 'MEETING_ENDED',
      requestBody: '{"triggerEvent":"MEETING_ENDED","payload":{}}',
    },
    /\/uid is missing/,
  ],
]

describe.skipIf(!hasContracts)('the suite notices (CONTRACTS_DIR is needed)', () => {
  const contracts = hasContracts ? openContracts() : undefined

  test('no problem in correct traffic', () => {
    expect(judge([entry], contracts!).problems).toEqual([])
  })

  test.each(cases)('%s', (_what, wrong, problem) => {
    expect(judge([{ ...entry, ...wrong }], contracts!).problems.join('\n')).toMatch(problem)
  })

  test('an operation that no specification describes, as not validated', () => {
    const { used, validated } = judge([{ ...entry, operation: 'new.create', url: '/v1/new' }], contracts!)
    expect([[...used], [...validated]]).toEqual([['stripe new.create'], []])
  })
})

test('forms in brackets are read as nested lists and objects', () => {
  const fields = new URLSearchParams('a=1&b[c]=2&b[d][0]=x&b[d][1]=y&e[]=1&e[]=2&f=1&f=2&g[0][h]=z')
  expect(decodeFields(fields)).toEqual({
    a: '1',
    b: { c: '2', d: ['x', 'y'] },
    e: ['1', '2'],
    f: ['1', '2'],
    g: [{ h: 'z' }],
  })
})
