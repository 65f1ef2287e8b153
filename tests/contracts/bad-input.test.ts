// The sandbox answers any input as the provider documents: never with a crash, never with a page.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Operation, ProviderName } from '../../sandbox/core/provider.ts'
import { providers } from '../../sandbox/core/providers.ts'
import { hasContracts } from './contract/folder.ts'
import { type Contracts, openContracts } from './contract/judge.ts'
import { type Outside, startOutside } from './use/world.ts'

let outside: Outside
let contracts: Contracts | undefined
beforeAll(async () => {
  outside = await startOutside()
  contracts = hasContracts ? openContracts() : undefined
})
afterAll(() => outside.close())

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
const bodies: [type: string, body: string][] = [
  [json, ''],
  [json, '{'],
  [json, '[]'],
  [json, 'null'],
  [json, '"text"'],
  [json, '1e999'],
  [json, deep],
  [
    json,
    JSON.stringify({
      records: 'all',
      properties: [],
      fields: 1,
      start: {},
      attendee: 'me',
      name: ['x'],
      url: 7,
      specification: [],
    }),
  ],
  [
    json,
    JSON.stringify({
      records: [null],
      properties: { exp: '1' },
      privacy: 1,
      eventTypeId: 'one',
      triggers: {},
      attendees: [1],
      availability: [1],
    }),
  ],
  [
    json,
    JSON.stringify({ __proto__: null, constructor: { prototype: 1 }, toString: 1, hasOwnProperty: null }),
  ],
  [form, 'a[b=1&a]c[=2&[=3&a[][][]=4&a=1&a[b]=2'],
  [form, '__proto__[x]=1&constructor[prototype]=2&toString=3'],
  [form, '%E0%A4%A&=&&==&%00=%FF'],
  [
    form,
    'amount=-1&currency=xyz&limit=0&mode=payment&line_items[0]=x&metadata=1&expand=a&To=%2B&Body=&Code=x&expires_at=NaN',
  ],
  [form, `metadata[${'k'.repeat(5000)}]=${'v'.repeat(100_000)}&To=${'1'.repeat(10_000)}`],
  ['text/plain', 'hello'],
  ['multipart/form-data; boundary=x', '--x\r\n'],
  ['application/octet-stream', '\u0000\u0001\ufffd'],
]
const queries = [
  '',
  '?limit=-1&starting_after=x&ending_before=y&created[gte]=z',
  '?pageSize=abc&offset=%00&sort[0]=x&fields=1&filterByFormula=((',
  '?%E0%A4%A=1&__proto__=2&start=x&end=y',
  '?PageSize=0&Page=-1&To=x&DateSent=y',
]
const ids = ['..%2F..', '__proto__', '%00%F0%9F%92%A9', 'a'.repeat(3000)]

const authorization: Record<ProviderName, () => string> = {
  stripe: () => `Bearer ${outside.keys['STRIPE_SECRET_KEY']}`,
  twilio: () =>
    `Basic ${Buffer.from(`${outside.keys['TWILIO_ACCOUNT_SID']}:${outside.keys['TWILIO_AUTH_TOKEN']}`).toString('base64')}`,
  calcom: () => `Bearer ${outside.keys['CALCOM_API_KEY']}`,
  daily: () => `Bearer ${outside.keys['DAILY_API_KEY']}`,
  airtable: () => `Bearer ${outside.keys['AIRTABLE_ACCESS_TOKEN']}`,
}
const calVersions: Record<string, string> = {
  slots: '2024-09-04',
  bookings: '2024-08-13',
  'event-types': '2024-06-14',
  schedules: '2024-06-11',
}

function headersOf(provider: ProviderName, operation: Operation): Record<string, string> {
  const version = provider === 'calcom' ? calVersions[operation.name.split('.')[0]!] : undefined
  return { authorization: authorization[provider](), ...(version ? { 'cal-api-version': version } : {}) }
}

/**
 * The operation's path with something in place of its ids. Ids of the account stay right every other time.
 */
function pathOf(operation: Operation, id: string, isKnown: boolean): string {
  const known: Record<string, string | undefined> = {
    accountSid: outside.keys['TWILIO_ACCOUNT_SID'],
    serviceSid: outside.keys['TWILIO_VERIFY_SERVICE_SID'],
    baseId: outside.keys['AIRTABLE_BASE_ID'],
    table: 'Likes',
    file: `${id}.json`,
  }
  return operation.path.replaceAll(/:(\w+)/g, (_all, name: string) => (isKnown && known[name]) || id)
}

async function problemOf(
  provider: ProviderName,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: [string, string],
): Promise<string | undefined> {
  const init = {
    method,
    headers: { ...headers, ...(body ? { 'content-type': body[0] } : {}) },
    ...(body ? { body: body[1] } : {}),
  }
  const response = await fetch(outside.url + path, init)
  const text = await response.text()
  const what = `${method} ${path.slice(0, 80)} ${body ? `${body[0]} ${body[1].slice(0, 60)}` : ''} -> ${response.status} ${text.slice(0, 200)}`
  if (response.status >= 500) return what
  if (text !== '' && !response.headers.get('content-type')?.startsWith(json)) return `${what} is no JSON`
  const parsed: unknown = text === '' ? undefined : JSON.parse(text)
  const problems =
    response.status >= 400 ? (contracts?.[provider].checkError(response.status, parsed as never) ?? []) : []
  return problems.length > 0 ? `${what} ${problems.join(', ')}` : undefined
}

describe.each(providers.map(({ name, operations }) => ({ name, operations })))(
  '$name',
  ({ name, operations }) => {
    test(
      'answers malformed input in any part of any operation in its own error format',
      { timeout: 120_000 },
      async () => {
        const problems: string[] = []
        const keep = (problem: string | undefined) => void (problem && problems.push(problem))
        for (const operation of operations) {
          const headers = headersOf(name, operation)
          for (const isKnown of [true, false])
            for (const id of ids)
              keep(
                await problemOf(
                  name,
                  operation.method,
                  pathOf(operation, id, isKnown),
                  headers,
                  operation.method === 'GET' ? undefined : [form, ''],
                ),
              )
          const path = pathOf(operation, 'x', true)
          for (const query of queries)
            keep(
              await problemOf(
                name,
                operation.method,
                path + query,
                headers,
                operation.method === 'GET' ? undefined : [json, '{}'],
              ),
            )
          if (operation.method !== 'GET')
            for (const body of bodies) keep(await problemOf(name, operation.method, path, headers, body))
        }
        expect(problems).toEqual([])
      },
    )

    test('answers what it does not cover with 404 in its own error format, and logs it', async () => {
      // What is below the first two parts of an address says whose it is.
      const { path } = operations.find((one) => one.path.split('/')[2])!
      const unknown = `${path.split('/').slice(0, 3).join('/').replace(/:\w+/, 'x')}/nothing/here/at/all`
      const headers = {
        authorization: authorization[name](),
        ...(name === 'stripe' ? { 'stripe-version': '2026-10-28.endive' } : {}),
      }
      const logged: string[] = []
      Object.assign(outside.sandbox.ctx, { log: (line: string) => logged.push(line) })
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        expect(await problemOf(name, method, unknown, headers)).toBeUndefined()
      }
      expect(logged.filter((line) => line.includes('not cover') && line.includes(name)).length).toBe(5)
    })
  },
)
