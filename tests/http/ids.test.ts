import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../server/lib/ids.ts'
import { Person } from '../../world/person.ts'
import {
  alwaysFreeHost,
  bookingStartingIn,
  type Host,
  type Member,
  openRoom,
  signedInHost,
  signedInMember,
  signedInOperator,
  startIn,
} from '../people/actors.ts'
import { query } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let owner: Member
let stranger: Member
let ruby: Host
let amelia: Host
let operator: Person
let booking: Awaited<ReturnType<typeof bookingStartingIn>>

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  amelia = await signedInHost(presence, 'Amelia Hart')
  owner = await signedInMember(presence)
  stranger = await signedInMember(presence, 'Noor Aziz')
  operator = await signedInOperator(presence)
  await bookingStartingIn(600, stranger, amelia)
  booking = await bookingStartingIn(30, owner, ruby)
  await openRoom(owner, booking)
})
afterAll(() => presence?.stop())

/** Every request about one of our ids: method, path and body. */
async function requestsAbout(id: {
  booking: string
  purchase: string
}): Promise<[string, string, unknown?][]> {
  const start = await startIn(presence, 48 * 60)
  const path = `/api/bookings/${id.booking}`
  return [
    ['GET', path],
    ...['prompts', 'presence', 'calendar.ics'].map((what): [string, string] => ['GET', `${path}/${what}`]),
    ...['join', 'leave', 'complete', 'cancel', 'refund'].map((what): [string, string, unknown] => [
      'POST',
      `${path}/${what}`,
      {},
    ]),
    ['POST', `${path}/reschedule`, { start }],
    ['POST', `${path}/reflection`, { text: 'mine now' }],
    ['POST', `${path}/report`, { text: 'not mine' }],
    ['POST', '/functions/v1/calcom-create-booking', { bookingId: id.booking, hostId: ruby.id, start }],
    ['POST', '/functions/v1/daily-create-room', { bookingId: id.booking }],
    ['POST', `/api/host/bookings/${id.booking}/cancel`, {}],
    ['GET', `/api/purchases/${id.purchase}`],
  ]
}

async function answerTo(
  person: Person,
  [method, path, body]: [string, string, unknown?],
): Promise<{ request: string; status: number; body: string; headers: string }> {
  const response = await person.fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return {
    request: `${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '{id}')}`,
    status: response.status,
    body: await response.text(),
    headers: [...response.headers]
      .filter(([name]) => !['date', 'set-cookie'].includes(name))
      .map(String)
      .join('\n'),
  }
}

const others: [string, () => Person][] = [
  ['another member', () => stranger],
  ['a host of other sessions', () => amelia],
  ['an operator', () => operator],
  ['nobody who is signed in', () => new Person(presence, '+61400000000')],
]

test.each(others)(
  '%s gets the same answer, byte for byte, to a foreign id and to one that does not exist',
  async (_who, personOf) => {
    const person = personOf()
    const before = await query(presence.databaseUrl, 'select * from bookings order by id')
    const about = async (id: { booking: string; purchase: string }) => {
      const answers = []
      for (const request of await requestsAbout(id)) answers.push(await answerTo(person, request))
      return answers
    }
    const foreign = await about({ booking: booking.id, purchase: booking.purchaseId })
    const unknown = await about({ booking: newId(), purchase: newId() })
    expect(foreign).toEqual(unknown)
    for (const { request, status } of foreign) expect([401, 403, 404], request).toContain(status)
    expect(
      await query(presence.databaseUrl, 'select * from bookings order by id'),
      'nothing was changed',
    ).toEqual(before)
  },
)

test('a malformed id is answered like an unknown one', async () => {
  const [malformed, unknown] = [
    await requestsAbout({ booking: 'x', purchase: 'x' }),
    await requestsAbout({ booking: newId(), purchase: newId() }),
  ]
  for (const [index, request] of malformed.entries()) {
    const [one, other] = [await answerTo(stranger, request), await answerTo(stranger, unknown[index]!)]
    expect([one.status, one.body], one.request).toEqual([other.status, other.body])
  }
})

test('only the two people of a session get into its room', async () => {
  for (const person of [stranger, amelia, operator]) {
    await expect(person.ask('POST', `/api/bookings/${booking.id}/join`)).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    })
  }
  expect(await owner.ask('POST', `/api/bookings/${booking.id}/join`)).toMatchObject({ role: 'member' })
  expect(await ruby.ask('POST', `/api/bookings/${booking.id}/join`)).toMatchObject({ role: 'host' })
})

test('the host of a session sees it without the private data of the member', async () => {
  await owner.ask('POST', `/api/bookings/${booking.id}/reflection`, { text: 'I was afraid' })
  const seen = await ruby.ask<Record<string, unknown>>('GET', `/api/bookings/${booking.id}`)
  expect(seen).toMatchObject({ reflection: null, receiptUrl: null, refundable: false })
  expect(JSON.stringify(seen)).not.toContain('afraid')
  // The uid lets anybody cancel and move at Cal.com.
  for (const view of [seen, await owner.booking(booking.id)])
    expect(JSON.stringify(view)).not.toMatch(/calBooking/i)
})

test('members, hosts and operators reach only what is for them', async () => {
  const refusals: [Person, string, string][] = [
    [owner, 'GET', '/api/host'],
    [owner, 'GET', '/api/host/hours'],
    [owner, 'POST', '/api/host/onboarding'],
    [owner, 'GET', '/api/ops'],
    [ruby, 'GET', '/api/ops'],
    [ruby, 'GET', '/api/bookings'],
    [ruby, 'POST', '/api/likes/seen'],
    [ruby, 'GET', `/api/purchases/${booking.purchaseId}`],
    [operator, 'GET', '/api/host'],
    [operator, 'GET', '/api/bookings'],
  ]
  for (const [person, method, path] of refusals)
    await expect(person.ask(method, path), path).rejects.toMatchObject({ status: 403, code: 'not_allowed' })
  const nobody = new Person(presence, '+61400000000')
  for (const path of ['/api/me', '/api/bookings', '/api/likes', '/api/host', '/api/ops', '/api/events']) {
    await expect(nobody.ask('GET', path), path).rejects.toMatchObject({ status: 401, code: 'not_signed_in' })
  }
})

test('a suspended host cannot sign in, even with the right code', async () => {
  await expect(signedInHost(presence, 'Daniel Mwangi')).rejects.toMatchObject({
    status: 403,
    code: 'suspended',
  })
})
