// A whole life and what is left of it: a member pays, meets, writes, reports, leaves, and comes back as somebody
// new. Every table is searched for who it was.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Deletion } from '../../server/journey/privacy/deletion-view.ts'
import type { Holdings } from '../../server/journey/privacy/holding.ts'
import type { FoundPurchases } from '../../server/journey/operations/found-purchases-view.ts'
import type { HostDashboard } from '../../server/journey/payouts/host-dashboard-view.ts'
import type { Me } from '../../server/journey/members/member-view.ts'
import { dayMs } from '../../server/lib/time.ts'
import { moveClock, rowOf, rowsOf, stripeOf } from '../../world/outside.ts'
import { newMobileNumber, Person, phoneOf, waitFor } from '../../world/person.ts'
import {
  alwaysFreeHost,
  bookingStartingIn,
  type Host,
  type Member,
  paidPurchase,
  sessionTakesPlace,
  signedInHost,
  signedInMember,
  signedInOperator,
} from '../people/actors.ts'
import { findEverywhere, query, smsArrives, untilIdle, violations } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

const fullName = 'Xanthippe Quillfeather'
const email = 'xanthippe@quillfeather.example'

let presence: Presence
let ruby: Host
let amelia: Host
let member: Member
let operator: Person

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  amelia = await signedInHost(presence, 'Amelia Hart')
  operator = await signedInOperator(presence)
  member = await signedInMember(presence, fullName)
  await member.ask('PATCH', '/api/me', { email })
})
afterAll(() => presence?.stop())

/** The newest code on a phone after so many messages. */
async function codeAfter(number: string, seen: number): Promise<string> {
  const sms = await waitFor('the code', async () =>
    (await phoneOf(presence, number)).slice(seen).find(({ body }) => /\b\d{6}\b/.test(body)),
  )
  return /\b\d{6}\b/.exec(sms.body)![0]
}

async function deleteAccount(person: Person): Promise<void> {
  const seen = (await phoneOf(presence, person.mobileNumber)).length
  await person.ask('POST', '/api/me/code')
  const code = await codeAfter(person.mobileNumber, seen)
  await expect(person.ask('POST', '/api/me/deletion', { code: '000000' })).rejects.toMatchObject({
    code: 'wrong_code',
  })
  await person.ask('POST', '/api/me/deletion', { code })
}

test('a life leaves no name, number or address anywhere once it is deleted, and comes back as a new one', async () => {
  const number = member.mobileNumber
  const words = [fullName, 'Quillfeather', 'Xanthippe', number.slice(1), email]
  const past = await bookingStartingIn(60, member, amelia)
  await sessionTakesPlace(member, past, [member, amelia])
  await untilIdle(presence)
  await member.ask('POST', `/api/bookings/${past.id}/reflection`, { text: `I, ${fullName}, was heard.` })
  await member.ask('POST', `/api/hosts/${amelia.id}/like`)
  await member.ask('POST', '/api/calendar-feed')
  await member.ask('POST', '/api/contact', { text: `Call me, Xanthippe, at ${number}.`, replyTo: email })
  const withRuby = await bookingStartingIn(60, member, ruby)
  await sessionTakesPlace(member, withRuby, [member, ruby])
  await untilIdle(presence)
  await member.ask('POST', `/api/bookings/${withRuby.id}/report`, {
    text: `She called ${fullName} names.`,
    endsSession: false,
  })
  const ahead = await bookingStartingIn(50 * 60, member, amelia)
  const unused = (await paidPurchase(member, amelia)).bookingIds[0]!
  await untilIdle(presence)
  expect(
    (await findEverywhere(presence.databaseUrl, words)).length,
    'there is something to erase',
  ).toBeGreaterThan(15)

  // What they are told, and what they are given.
  const { asMember } = await member.ask<Deletion>('GET', '/api/me/deletion')
  expect(asMember).toMatchObject({ sessionsAhead: 1, unusedSessions: 1, refundCents: 3600 })
  const file = await member.ask<Holdings>('GET', '/api/me/data.json')
  expect(JSON.stringify(file)).toContain('was heard')
  expect(file.sections.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['You as a member', 'Your sessions', 'What you paid', 'What you reported']),
  )
  const page = await member.fetch('/api/me/data.html')
  expect(page.headers.get('content-disposition')).toContain('attachment')
  expect(await page.text()).toContain(fullName)

  // It is undone in time: money that went back stays back, and the account is whole.
  await deleteAccount(member)
  await expect(member.ask('GET', '/api/me')).rejects.toMatchObject({ status: 401 })
  await smsArrives(presence, number, 'will be deleted on')
  await untilIdle(presence)
  const refunded = await query<{ state: string }>(
    presence.databaseUrl,
    `select state from bookings where id in ('${ahead.id}', '${unused}')`,
  )
  expect(refunded).toEqual([{ state: 'cancelled' }, { state: 'cancelled' }])
  await member.signIn()
  expect((await member.ask<Me>('GET', '/api/me')).leavingAt).not.toBeNull()
  await expect(
    member.ask('POST', '/api/checkout', { plan: 'Adhoc', hostId: amelia.id }),
  ).rejects.toMatchObject({ code: 'leaving' })
  await member.ask('POST', '/api/me/deletion/undo')
  await moveClock(presence, { advanceMs: 15 * dayMs })
  await untilIdle(presence)
  const me = await member.ask<Me>('GET', '/api/me')
  expect(me).toMatchObject({ leavingAt: null, member: { fullName } })
  const oldId = me.member!.id

  // The second time it stays, and the clock passes the day.
  await deleteAccount(member)
  await untilIdle(presence)
  // The process dies after the erasure, and again after the first call to a service.
  await presence.restart({ FAILPOINT: 'after-commit:erased' })
  await moveClock(presence, { advanceMs: 14 * dayMs + 60_000 })
  for (const next of ['after-call:erase', '']) {
    expect((await presence.ended()).signal).toBe('SIGKILL')
    await presence.restart({ FAILPOINT: next }).catch(async (error: unknown) => {
      if (next === '') throw error
    })
  }
  await waitFor('the erased copies', async () => {
    const rows = await query(
      presence.databaseUrl,
      `select service, status, subject from erasures where status = 'waiting'`,
    )
    const done = await query(presence.databaseUrl, 'select from deletions where carried_out_at is not null')
    return rows.length === 0 && done.length === 1
  })
  await untilIdle(presence)
  expect(await findEverywhere(presence.databaseUrl, words)).toEqual([])
  const kept = await query<{ service: string }>(
    presence.databaseUrl,
    `select distinct service from erasures where status = 'kept'`,
  )
  expect(kept).toEqual([{ service: 'calcom_attendee' }])
  expect(await violations(presence)).toEqual([])

  // The services: the customer, the texts and the row are gone or empty.
  const { data: customers } = await stripeOf(presence).customers.list({ limit: 100 })
  expect(customers.filter((one) => one.phone === number)).toEqual([])
  const row = await rowOf(presence, 'Members', oldId)
  expect(row?.fields).toMatchObject({ 'Full Name': 'A former member' })
  expect(JSON.stringify(row)).not.toContain(number)
  expect((await rowOf(presence, 'Presence Operations', past.id))?.fields).toMatchObject({
    'Member Name': 'A former member',
  })
  const sids = await query<{ subject: string }>(
    presence.databaseUrl,
    `select subject from erasures where service = 'twilio_message'`,
  )
  expect(sids.length).toBeGreaterThan(5)
  const left = (await phoneOf(presence, number)).filter(({ sid }) => sids.some((one) => one.subject === sid))
  expect(left).toEqual([])

  // Others see nobody in particular.
  const { past: seen } = await amelia.ask<HostDashboard>('GET', '/api/host')
  expect(seen.map((one) => one.member.fullName)).toContain('A former member')
  const { purchases } = await operator.ask<FoundPurchases>('GET', '/api/ops/purchases?q=')
  expect(purchases.find((one) => one.memberName === 'A former member')).toMatchObject({ memberNumber: null })

  // No reminder ever comes, and the same number is somebody new, who stays apart from whom they reported.
  const before = (await phoneOf(presence, number)).length
  await moveClock(presence, { advanceMs: 3 * dayMs })
  await untilIdle(presence)
  expect((await phoneOf(presence, number)).length).toBe(before)
  await member.signIn()
  const anew = await member.ask<Me>('GET', '/api/me')
  expect(anew).toMatchObject({ leavingAt: null, member: { fullName: '' } })
  expect(anew.member!.id).not.toBe(oldId)
  await expect(member.ask('GET', `/api/hosts/${ruby.id}`)).rejects.toMatchObject({ status: 404 })
  await member.ask('GET', `/api/hosts/${amelia.id}`)
})

test('a number changes with both codes alone, signs out elsewhere and tells the old number', async () => {
  const person = await signedInMember(presence, 'Nadia Number')
  const old = person.mobileNumber
  const elsewhere = new Person(presence, old)
  await elsewhere.signIn()
  const other = await signedInMember(presence, 'Otto Other')
  const askFor = async (mobileNumber: string) => {
    const [seenOld, seenNew] = [
      (await phoneOf(presence, old)).length,
      (await phoneOf(presence, mobileNumber)).length,
    ]
    await person.ask('POST', '/api/me/number', { mobileNumber })
    return { oldCode: await codeAfter(old, seenOld), newCode: await codeAfter(mobileNumber, seenNew) }
  }
  const confirm = (codes: { oldCode?: string; newCode: string }) =>
    person.ask('POST', '/api/me/number/confirm', codes)

  const taken = await askFor(other.mobileNumber)
  await expect(confirm(taken)).rejects.toMatchObject({ code: 'number_taken' })
  const wanted = newMobileNumber()
  const codes = await askFor(wanted)
  await expect(confirm({ newCode: codes.newCode })).rejects.toMatchObject({ code: 'wrong_old_code' })
  await expect(confirm({ ...codes, oldCode: '000000' })).rejects.toMatchObject({ code: 'wrong_old_code' })
  await expect(confirm({ ...codes, newCode: '000000' })).rejects.toMatchObject({ code: 'wrong_code' })
  expect((await person.ask<Me>('GET', '/api/me')).mobileNumber).toBe(old)
  await confirm({ newCode: codes.newCode })
  expect(await person.ask<Me>('GET', '/api/me')).toMatchObject({
    mobileNumber: wanted,
    member: { id: person.id, fullName: 'Nadia Number' },
  })
  await expect(elsewhere.ask('GET', '/api/me')).rejects.toMatchObject({ status: 401 })
  await smsArrives(presence, old, 'no longer opens it')
  const trail = await query(
    presence.databaseUrl,
    `select subject from security_events where kind = 'number_changed'`,
  )
  expect(trail).toEqual([{ subject: `member ${person.id}` }])
  // The old number's next owner is somebody else.
  await elsewhere.signIn()
  expect((await elsewhere.ask<Me>('GET', '/api/me')).member!.id).not.toBe(person.id)
})

test('a host changes the number here, and it stays so after the base is read again', async () => {
  const host = await signedInHost(presence, 'Noah Bennett')
  const [old, wanted] = [host.mobileNumber, newMobileNumber()]
  const seen = (await phoneOf(presence, old)).length
  await host.ask('POST', '/api/me/number', { mobileNumber: wanted })
  const codes = { oldCode: await codeAfter(old, seen), newCode: await codeAfter(wanted, 0) }
  await host.ask('POST', '/api/me/number/confirm', codes)
  expect(await host.ask<Me>('GET', '/api/me')).toMatchObject({ mobileNumber: wanted, host: { id: host.id } })
  await smsArrives(presence, old, 'no longer opens it')
  const rows = await rowsOf(presence, 'Hosts')
  expect(rows.find(({ fields }) => fields['Full Name'] === 'Noah Bennett')?.fields['Mobile Number']).toBe(
    wanted,
  )
  await untilIdle(presence)
  const [kept] = await query<{ mobile_number: string; new_number: string | null }>(
    presence.databaseUrl,
    `select mobile_number, new_number from hosts where id = '${host.id}'`,
  )
  expect(kept).toEqual({ mobile_number: wanted, new_number: null })
})
