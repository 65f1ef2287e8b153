// Somebody can be stopped: at every door, at once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Person, phoneOf, type Refused, waitFor } from '../../world/person.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  paidPurchase,
  signedInMember,
  signedInOperator,
  startedCheckout,
} from '../people/actors.ts'
import { query } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import { stripeOf } from '../../world/outside.ts'

let presence: Presence
let ruby: Host
let operator: Person

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  operator = await signedInOperator(presence)
})
afterAll(() => presence?.stop())

const refusalOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'let in',
    (error: Refused) => `${error.status} ${error.code}`,
  )

/** Settles when the server has ended this person's live updates. */
async function openStream(person: Person): Promise<{ ended: Promise<boolean> }> {
  const answer = await person.fetch('/api/events')
  const reader = answer.body!.getReader()
  await reader.read()
  const ended = (async () => {
    for (;;) if ((await reader.read()).done) return true
  })()
  return { ended }
}

test('a suspended member is stopped at every door at once, and comes in again when it is lifted', async () => {
  const member = await signedInMember(presence, 'Robin Stone')
  const booking = await bookingStartingIn(24 * 60, member, ruby)
  const open = await startedCheckout(member, ruby, 'Weekly')
  const { feed } = await member.ask<{ feed: { url: string } }>('POST', '/api/calendar-feed')
  const sms = await waitFor('the SMS with the link', async () =>
    (await phoneOf(presence, member.mobileNumber)).find(({ body }) => body.includes('/manage/')),
  )
  const token = /\/manage\/([\w-]+)/.exec(sms.body)![1]!
  const { ended } = await openStream(member)
  const anybody = new Person(presence, member.mobileNumber)
  expect((await fetch(feed.url)).status).toBe(200)
  await anybody.ask('GET', `/api/manage/${token}`)

  const stop = { reason: 'Threatened a host' }
  expect(await refusalOf(member.ask('POST', `/api/ops/members/${member.id}/suspend`, stop))).toBe(
    '403 not_allowed',
  )
  await operator.ask('POST', `/api/ops/members/${member.id}/suspend`, stop)

  expect(await ended, 'live updates end').toBe(true)
  const doors: [string, string, unknown?][] = [
    ['GET', '/api/me'],
    ['POST', '/api/checkout', { plan: 'Adhoc', hostId: ruby.id }],
    ['POST', `/api/hosts/${ruby.id}/like`],
    ['POST', `/api/bookings/${booking.id}/join`],
    ['GET', '/api/events'],
  ]
  for (const [method, path, body] of doors)
    expect(await refusalOf(member.ask(method, path, body)), path).toBe('401 not_signed_in')
  expect((await fetch(feed.url)).status, 'calendar').toBe(404)
  expect(await refusalOf(anybody.ask('GET', `/api/manage/${token}`)), 'link').toBe('404 not_found')
  expect(await refusalOf(ruby.ask('POST', `/api/host/members/${member.id}/like`)), 'like of the host').toBe(
    '404 not_found',
  )
  expect(await refusalOf(member.signIn()), 'sign-in').toBe('403 suspended')
  expect((await stripeOf(presence).checkout.sessions.retrieve(open.checkoutId)).status).toBe('expired')
  await waitFor('the time that is given back', async () => {
    const [row] = await query<{ state: string }>(
      presence.databaseUrl,
      'select state from bookings where id = $1',
      [booking.id],
    )
    return row!.state === 'pending'
  })
  const { tasks } = await operator.ask<{ tasks: { sentence: string }[] }>('GET', '/api/ops')
  expect(tasks.map(({ sentence }) => sentence).join()).toContain(
    'Robin Stone was suspended with a paid session',
  )

  await operator.ask('POST', `/api/ops/members/${member.id}/reinstate`, { reason: 'A mistake' })
  await member.signIn()
  await becomes(member, booking.id, 'kept', (one) => one.state === 'pending')
  const trail = await query<{ subject: string; reason: string; person_id: string }>(
    presence.databaseUrl,
    `select subject, reason, person_id from security_events where kind = 'rights_changed' and subject like 'member %' order by happened_at`,
  )
  expect(trail.map(({ subject, reason }) => `${subject} ${reason}`)).toEqual([
    `member ${member.id}: Suspended Threatened a host`,
    `member ${member.id}: Active A mistake`,
  ])
  expect(trail[0]!.person_id).not.toBeNull()
  await expect(query(presence.databaseUrl, 'delete from security_events')).rejects.toThrow('only ever added')
})

test('an operator cannot be suspended as a member, and nobody twice', async () => {
  const member = await signedInMember(presence)
  const path = `/api/ops/members/${member.id}/suspend`
  expect(await refusalOf(operator.ask('POST', path, { reason: '' }))).toBe('400 invalid_input')
  await operator.ask('POST', path, { reason: 'Asked for it' })
  expect(await refusalOf(operator.ask('POST', path, { reason: 'Again' }))).toBe('409 conflict')
})

test('a suspended host who once paid as a member buys nothing, and their calendar ends', async () => {
  const person = await signedInMember(presence, 'Ash Vale')
  const { bookingIds } = await paidPurchase(person, ruby)
  const [row] = await query<{ id: string }>(
    presence.databaseUrl,
    `update hosts set mobile_number = $1 where full_name = 'Amelia Hart' returning id`,
    [person.mobileNumber],
  )
  expect(await refusalOf(person.ask('POST', '/api/checkout', { plan: 'Adhoc', hostId: ruby.id }))).toBe(
    '403 not_allowed',
  )
  const { feed } = await person.ask<{ feed: { url: string } }>('POST', '/api/calendar-feed')
  expect((await fetch(feed.url)).status).toBe(200)
  const { ended } = await openStream(person)
  await query(presence.databaseUrl, `update hosts set status = 'Suspended' where id = $1`, [row!.id])
  expect(await ended).toBe(true)
  expect((await fetch(feed.url)).status).toBe(404)
  for (const [method, path] of [
    ['POST', '/api/checkout'],
    ['GET', `/api/bookings/${bookingIds[0]}`],
    ['GET', '/api/host'],
  ] as const)
    expect(await refusalOf(person.ask(method, path, { plan: 'Adhoc', hostId: ruby.id })), path).toBe(
      '401 not_signed_in',
    )
  expect(await refusalOf(person.signIn())).toBe('403 suspended')
})

test('signing out ends the live updates of that sign-in alone', async () => {
  const phone = await signedInMember(presence)
  const desk = new Person(presence, phone.mobileNumber)
  await desk.signIn()
  const [onPhone, onDesk] = [await openStream(phone), await openStream(desk)]
  await desk.ask('POST', '/api/auth/sign-out')
  expect(await onDesk.ended).toBe(true)
  const first = await Promise.race([
    onPhone.ended,
    new Promise((resolve) => setTimeout(resolve, 500, 'goes on')),
  ])
  expect(first).toBe('goes on')
})
