import { afterAll, beforeAll, expect, test } from 'vitest'
import { editRow, rowsOf } from '../../world/outside.ts'
import { waitFor } from '../../world/person.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  paidPurchase,
  sessionTakesPlace,
  signedInHost,
  signedInMember,
  startIn,
} from '../people/actors.ts'
import { airtableRow, untilIdle, smsArrives, smsKinds } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'
import type { Host as HostView, HostPage } from '../../server/journey/hosts/host-view.ts'
import type { Likes } from '../../server/journey/hosts/likes-view.ts'

let presence: Presence
let ruby: Host

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
})

afterAll(() => presence?.stop())

async function rowNamed(table: string, field: string, name: string) {
  const row = (await rowsOf(presence, table)).find(({ fields }) => fields[field] === name)
  if (!row) throw new Error(`${table} has no row called ${name}`)
  return { patchUpdate: (fields: Record<string, unknown>) => editRow(presence, table, row.id, fields) }
}

test('the next SMS uses a text that an operator edits in Airtable', async () => {
  const template = await rowNamed('Templates', 'Template Name', 'Payment Confirmation')
  await template.patchUpdate({ 'Message Body': 'Paid: {{amount}}. {{nonsense}} Yours, {{host_name}}.' })
  await waitFor('the edited text', async () => {
    const member = await signedInMember(presence)
    await paidPurchase(member, ruby)
    const sms = await smsArrives(presence, member.mobileNumber, '$18.00')
    return sms.body === 'Paid: $18.00. Yours, Ruby.'
  })
  await template.patchUpdate({ Active: false })
  await waitFor('our own words where the operators have none', async () => {
    const member = await signedInMember(presence)
    await paidPurchase(member, ruby)
    return (await smsArrives(presence, member.mobileNumber, '$18.00')).body.startsWith(
      'Thank you, Sam! We received $18.00',
    )
  })
})

test('a host made inactive in Airtable keeps their sessions and takes no new ones', async () => {
  const member = await signedInMember(presence)
  const amelia = await signedInHost(presence, 'Amelia Hart')
  const booking = await bookingStartingIn(60, member, amelia)
  const another = await paidPurchase(member, amelia)
  const row = await rowNamed('Hosts', 'Full Name', 'Amelia Hart')
  await row.patchUpdate({ Status: 'Inactive' })
  const hosts = async () =>
    (await member.ask<HostPage>('GET', '/api/hosts?limit=100')).hosts.map((one) => one.fullName)
  await waitFor('the host who has disappeared', async () => !(await hosts()).includes('Amelia Hart'))
  await expect(member.ask('GET', `/api/hosts/${amelia.id}`)).rejects.toMatchObject({ status: 404 })
  await expect(
    member.ask('POST', '/api/checkout', { plan: 'Adhoc', hostId: amelia.id }),
  ).rejects.toMatchObject({ code: 'host_unavailable' })
  await expect(
    member.schedule(another.bookingIds[0]!, amelia, await startIn(presence, 300)),
  ).rejects.toMatchObject({ code: 'host_unavailable' })
  expect(await member.booking(booking.id)).toMatchObject({ state: 'created', calendarStatus: 'confirmed' })
  expect(await member.booking(another.bookingIds[0]!)).toMatchObject({ state: 'pending', refundable: true })
  await row.patchUpdate({ Status: 'Active' })
  await waitFor('the host who is back', async () => (await hosts()).includes('Amelia Hart'))
})

test('a like of the host is a banner and a like of both a match, on the pages and not by SMS', async () => {
  const member = await signedInMember(presence)
  const booking = await bookingStartingIn(60, member, ruby)
  await expect(
    ruby.ask('POST', `/api/host/members/${(await signedInMember(presence)).id}/like`),
    'strangers cannot be liked',
  ).rejects.toMatchObject({ status: 404 })
  await sessionTakesPlace(member, booking, [member, ruby])
  await becomes(member, booking.id, 'held', (one) => one.outcome === 'held')
  const { hosts } = await member.ask<HostPage>('GET', `/api/hosts?first=${ruby.id}`)
  expect(hosts[0], 'rebook begins with the same host').toMatchObject({ id: ruby.id, hasMetYou: true })
  expect(hosts.filter((one) => one.id === ruby.id)).toHaveLength(1)

  const live = await member.listen()
  for (const _ of [1, 2]) await ruby.ask('POST', `/api/host/members/${member.id}/like`)
  await waitFor('the live update', async () => live.topics.includes('likes'))
  live.stop()
  expect(await member.ask<Likes>('GET', '/api/likes')).toMatchObject({
    likes: [{ host: { id: ruby.id }, isMutual: false, isSeen: false }],
  })
  await member.ask('POST', '/api/likes/seen')
  expect((await member.ask<Likes>('GET', '/api/likes')).likes[0]!.isSeen).toBe(true)

  for (const _ of [1, 2]) await member.ask('POST', `/api/hosts/${ruby.id}/like`)
  const { likes } = await member.ask<Likes>('GET', '/api/likes')
  expect(likes).toMatchObject([{ isMutual: true }])
  await ruby.ask('DELETE', `/api/host/members/${member.id}/like`)
  await ruby.ask('POST', `/api/host/members/${member.id}/like`)
  await untilIdle(presence)
  const kinds = await smsKinds(presence, member.mobileNumber)
  // The operators set these texts to the pages (Channel: In-App), so no SMS is sent.
  expect(kinds.filter((kind) => kind === 'liked' || kind === 'match')).toEqual([])
  expect((await smsKinds(presence, ruby.mobileNumber)).filter((kind) => kind === 'match')).toEqual([])
  expect(await airtableRow(presence, 'Likes', `${ruby.id}:${member.id}`)).toMatchObject({
    'Is Mutual': true,
    Status: 'Active',
    'Host Name': 'Ruby Tamihana',
  })
})

test('tables and fields renamed by an operator work as before, also after a restart', async () => {
  const { tables } = (await (
    await fetch(`${presence.sandboxUrl}/v0/meta/bases/${presence.keys['AIRTABLE_BASE_ID']}/tables`, {
      headers: { authorization: `Bearer ${presence.keys['AIRTABLE_ACCESS_TOKEN']}` },
    })
  ).json()) as { tables: { id: string; name: string; fields: { id: string; name: string }[] }[] }
  const table = (name: string) => tables.find((one) => one.name === name)!
  const field = (of: string, name: string) => table(of).fields.find((one) => one.name === name)!
  const things = [
    table('Presence Operations'),
    field('Presence Operations', 'Presence ID'),
    field('Presence Operations', 'Booking Status'),
    table('Hosts'),
    field('Hosts', 'Full Name'),
    field('Hosts', 'About You (Host Bio)'),
  ]
  for (const { id, name } of things) {
    await fetch(`${presence.sandboxUrl}/_sandbox/airtable/names`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, name: `${name} (new)` }),
    })
  }
  await presence.restart()
  const row = (await rowsOf(presence, 'Hosts')).find(({ fields }) => fields['Full Name'] === 'Ruby Tamihana')!
  await editRow(presence, table('Hosts').id, row.id, {
    [field('Hosts', 'About You (Host Bio)').id]: 'I keep bees now.',
  })
  const bio = async () => (await ruby.ask<HostView>('GET', `/api/hosts/${ruby.id}`)).bio
  await waitFor('the edited words', async () => (await bio()) === 'I keep bees now.')
  const { bookingIds } = await paidPurchase(await signedInMember(presence), ruby)
  await untilIdle(presence)
  expect(await airtableRow(presence, 'Presence Operations', bookingIds[0]!)).toMatchObject({
    'Booking Status': 'Pending',
  })
})
