// Nobody pays or offers hours before they have agreed to everything in its present version, and what they
// agreed to is kept with version and time.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Consents, LegalDocument } from '../../server/journey/members/consents-view.ts'
import { documentNames, documents, requiredDocuments } from '../../server/journey/members/consent.ts'
import type { Operations } from '../../server/journey/operations/operations-view.ts'
import type { Hours } from '../../server/journey/times/hours-view.ts'
import { seedHosts } from '../../sandbox/seed/hosts.ts'
import { rowOf } from '../../world/outside.ts'
import { newMobileNumber, Person, waitFor } from '../../world/person.ts'
import type { Me } from '../../server/journey/members/member-view.ts'
import { signedInMember, signedInOperator } from '../people/actors.ts'
import { query, smsArrives, smsOf, untilIdle } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let ruby: Person
let rubyId: string

beforeAll(async () => {
  presence = await startPresence()
  // At her first sign-in, when she has agreed to nothing.
  const { mobileNumber } = seedHosts.find(({ fullName }) => fullName === 'Ruby Tamihana')!
  ruby = new Person(presence, mobileNumber)
  await ruby.signIn()
  rubyId = (await ruby.ask<Me>('GET', '/api/me')).host!.id
})
afterAll(() => presence?.stop())

async function newcomer(): Promise<{ person: Person; id: string }> {
  const person = new Person(presence, newMobileNumber())
  await person.signIn()
  await person.ask('PATCH', '/api/me', { fullName: 'Noor Aziz' })
  const { member } = await person.ask<Me>('GET', '/api/me')
  return { person, id: member!.id }
}

const buy = (person: Person) => person.ask('POST', '/api/checkout', { plan: 'Weekly', hostId: rubyId })

test('a member who has not agreed to everything cannot pay, whatever is missing', async () => {
  for (const left of requiredDocuments) {
    const { person } = await newcomer()
    const { missing } = await person.ask<Consents>('GET', '/api/consents')
    expect(missing.map(({ document }) => document)).toEqual(requiredDocuments)
    const agreed = missing
      .filter(({ document }) => document !== left)
      .map(({ document, version }) => ({ document, version }))
    await person.ask('POST', '/api/consents', { agreed })
    await expect(buy(person), left).rejects.toMatchObject({ status: 403, code: 'consent_needed' })
  }
  expect(await query(presence.databaseUrl, 'select 1 from purchases')).toEqual([])
})

test('an agreement is asked once, kept with version and time, and seen in Airtable', async () => {
  const { person, id } = await newcomer()
  await person.consent()
  await person.consent()
  const rows = await query<{ document: string; version: string; created_at: Date }>(
    presence.databaseUrl,
    `select document, version, created_at from consents where member_id = '${id}' order by id`,
  )
  expect(rows.map(({ document, version }) => [document, version])).toEqual(
    requiredDocuments.map((name) => [name, documents[name].version]),
  )
  await buy(person)
  const row = await waitFor('the agreement in Airtable', async () => {
    const found = await rowOf(presence, 'Members', id)
    return found?.fields['Member Agreement Accepted'] ? found : undefined
  })
  expect(row.fields).toMatchObject({ 'Member Agreement Accepted': true, 'Community Pledge Signed': true })
  await expect(
    query(presence.databaseUrl, `update consents set version = 'x' where member_id = '${id}'`),
  ).rejects.toThrow('only ever added')
  await expect(query(presence.databaseUrl, `delete from consents where member_id = '${id}'`)).rejects.toThrow(
    'only ever added',
  )
})

test('a new version of a text asks again, and only for that text', async () => {
  const { person, id } = await newcomer()
  const others = requiredDocuments.filter((name) => name !== 'pledge')
  await query(
    presence.databaseUrl,
    `insert into consents (member_id, document, version, created_at) values ('${id}', 'pledge', '2020-01-01', '2026-01-01')`,
  )
  await person.ask('POST', '/api/consents', {
    agreed: others.map((document) => ({ document, version: documents[document].version })),
  })
  const { missing } = await person.ask<Consents>('GET', '/api/consents')
  expect(missing.map(({ document }) => document)).toEqual(['pledge'])
  await expect(buy(person)).rejects.toMatchObject({ code: 'consent_needed' })
  await expect(
    person.ask('POST', '/api/consents', { agreed: [{ document: 'pledge', version: '2020-01-01' }] }),
  ).rejects.toMatchObject({ code: 'conflict' })
  await person.consent()
  await buy(person)
})

test('a host sets no hours before the pledge', async () => {
  const { calendar: _calendar, ...hours } = await ruby.ask<Hours>('GET', '/api/host/hours')
  await expect(ruby.ask('PUT', '/api/host/hours', hours)).rejects.toMatchObject({ code: 'consent_needed' })
  await ruby.consent()
  await ruby.ask('PUT', '/api/host/hours', hours)
})

test('news and offers go only to those who want them, and no longer after taking it back', async () => {
  const { person, id } = await newcomer()
  const news = async (key: string) => {
    const before = (await smsOf(presence, person.mobileNumber)).length
    await query(presence.databaseUrl, `insert into pgboss.job (name, data) values ('send-message', $1)`, [
      JSON.stringify({
        key,
        template: 'Holiday Message',
        recipient: 'member',
        memberId: id,
        usefulUntil: '2099-01-01T00:00:00Z',
      }),
    ])
    await untilIdle(presence)
    return (await smsOf(presence, person.mobileNumber)).length - before
  }
  await untilIdle(presence)
  expect(await news('one')).toBe(0)
  await person.ask('POST', '/api/consents', { marketing: true })
  expect(await news('two')).toBe(1)
  await person.ask('POST', '/api/consents', { marketing: false })
  expect((await person.ask<Consents>('GET', '/api/consents')).wantsMarketing).toBe(false)
  expect(await news('three')).toBe(0)
})

test('everybody can read every document, signed in or not, and nothing else of the folder', async () => {
  for (const name of documentNames) {
    const document = (await (await fetch(`${presence.url}/api/documents/${name}`)).json()) as LegalDocument
    expect(document).toMatchObject({ title: documents[name].title, version: documents[name].version })
    expect(document.markdown).toContain('Draft for a lawyer')
  }
  for (const name of ['..%2Fpackage', 'README', 'terms.md'])
    expect((await fetch(`${presence.url}/api/documents/${name}`)).status, name).toBeGreaterThanOrEqual(400)
})

test('what somebody writes to us waits for an operator, urgent where it suggests danger, and is limited', async () => {
  const operator = await signedInOperator(presence)
  const member = await signedInMember(presence, 'Wren Writer')
  const write = (text: string) => member.ask('POST', '/api/contact', { text, replyTo: 'wren@example.org' })
  await write('Where is my receipt?')
  await write('I want to die.')
  const { tasks } = await operator.ask<Operations>('GET', '/api/ops')
  expect(tasks.filter(({ kind }) => kind === 'contact').map(({ urgency }) => urgency)).toEqual([2, 0])
  expect(tasks[0]!.sentence).toContain('wren@example.org')
  await smsArrives(presence, operator.mobileNumber, 'POSSIBLE DANGER')
  for (let index = 0; index < 3; index++) await write(`Again ${index}`)
  await expect(write('once more')).rejects.toMatchObject({ status: 429 })
  const stranger = await fetch(`${presence.url}/api/contact`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'I cannot sign in.', replyTo: '+61491570156' }),
  })
  expect(stranger.status).toBe(200)
})
