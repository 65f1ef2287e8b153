// A report from wherever the two of a session are, for as long as it is kept; and operators who hear of it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operations, OperatorTask } from '../../server/journey/operations/operations-view.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { type Person, waitFor } from '../../world/person.ts'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  type Host,
  joins,
  moveTo,
  openSession,
  sessionTakesPlace,
  signedInMember,
  signedInOperator,
} from '../people/actors.ts'
import { query, smsArrives, smsOf, untilIdle, violations } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let ruby: Host
let operator: Person

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  operator = await signedInOperator(presence)
})
afterAll(() => presence?.stop())

const tasksAbout = async (name: string): Promise<OperatorTask[]> =>
  (await operator.ask<Operations>('GET', '/api/ops')).tasks.filter(
    ({ kind, memberName }) => kind === 'report' && memberName === name,
  )

const alerts = () => smsOf(presence, operator.mobileNumber)

test('a report about a session 50 hours ahead frees the time of the host and tells both, and operators at once', async () => {
  const member = await signedInMember(presence, 'Ada Perez')
  const booking = await bookingStartingIn(50 * 60, member, ruby)
  await member.ask('POST', `/api/bookings/${booking.id}/report`, { text: 'He asks for my other number.' })
  await untilIdle(presence)
  expect(await member.booking(booking.id)).toMatchObject({
    state: 'pending',
    start: null,
    givenBackBy: 'presence',
    isRefundOffered: true,
  })
  const other = await signedInMember(presence, 'Kim Other')
  const slots = `/api/hosts/${ruby.id}/slots?from=${booking.start}&to=${booking.end}`
  expect(await other.ask('GET', slots)).toMatchObject({
    slots: expect.arrayContaining([{ start: booking.start }]) as unknown,
  })
  for (const { mobileNumber } of [member, ruby])
    await smsArrives(presence, mobileNumber, 'Presence has ended the session')
  expect((await alerts()).map(({ body }) => body)).toEqual([
    expect.stringMatching(/^Presence: a report is waiting, not urgent.*\/ops/),
  ])
  expect(await tasksAbout('Ada Perez')).toMatchObject([{ urgency: 1, hasEndedSession: false }])
})

test('two hundred reports in a moment are one task that begins with the threat, and two messages', async () => {
  const member = await signedInMember(presence, 'Flood Rivers')
  const quiet = await signedInMember(presence, 'Quiet Waters')
  const [first, second] = [
    await bookingStartingIn(90, member, ruby),
    await bookingStartingIn(120, quiet, ruby),
  ]
  const before = (await alerts()).length
  const send = (person: Person, id: string, text: string) =>
    person.ask('POST', `/api/bookings/${id}/report`, { text })
  const flood = await Promise.allSettled(
    Array.from({ length: 100 }, (_, number) => send(member, first.id, `It was odd, part ${number}.`)),
  )
  expect(flood.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  const refused = flood.find((one) => one.status === 'rejected')
  expect(refused?.reason).toMatchObject({
    status: 429,
    sentence: expect.stringContaining('call 000') as string,
  })
  // What suggests danger is heard also after too many others.
  await send(member, first.id, 'I was THREÁTENED\u200b by him.')
  await send(quiet, second.id, 'He was rude.')
  await untilIdle(presence)
  const { tasks } = await operator.ask<Operations>('GET', '/api/ops')
  expect(tasks[0]).toMatchObject({ kind: 'report', urgency: 2, memberName: 'Flood Rivers' })
  expect(tasks[0]!.sentence).toMatch(/^Flood Rivers \(member\) wrote 6 reports about.*THREÁTENED/)
  expect(await tasksAbout('Flood Rivers')).toHaveLength(1)
  const since = (await alerts()).slice(before).map(({ body }) => body)
  expect(since.filter((body) => body.includes('POSSIBLE DANGER'))).toHaveLength(1)
  expect(since).toHaveLength(3)
  const urgencies = tasks.map(({ urgency }) => urgency)
  expect(urgencies).toEqual(urgencies.toSorted((a, b) => b - a))
})

test('both sides report by the link of an SMS and from past sessions, also when the session is over', async () => {
  const member = await signedInMember(presence, 'Lia Linked')
  const booking = await bookingStartingIn(60, member, ruby)
  const link = (await smsArrives(presence, member.mobileNumber, '/manage/')).body
  const token = /\/manage\/([\w-]+)/.exec(link)![1]!
  await sessionTakesPlace(member, booking, [member, ruby])
  await becomes(member, booking.id, 'over', ({ state }) => state === 'completed')
  await untilIdle(presence)
  const stranger = await signedInMember(presence, 'Kim Other')
  await stranger.ask('POST', `/api/manage/${token}/report`, { text: 'By the link, signed in as another.' })
  await member.ask('POST', `/api/bookings/${booking.id}/report`, { text: 'From past sessions.' })
  await ruby.ask('POST', `/api/bookings/${booking.id}/report`, { text: 'The host as well.' })
  const reports = await query<{ reporter: string }>(
    presence.databaseUrl,
    `select reporter from reports where booking_id = '${booking.id}' order by created_at`,
  )
  expect(reports.map(({ reporter }) => reporter)).toEqual(['member', 'member', 'host'])
  expect(await tasksAbout('Lia Linked')).toHaveLength(2)
  expect(await member.booking(booking.id)).toMatchObject({ state: 'completed', outcome: 'held' })
  await expect(
    stranger.ask('POST', `/api/manage/${token.slice(0, -2)}xx/report`, { text: 'x' }),
  ).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('a session under way that is blocked ends, waits for an operator, and the member is told the truth', async () => {
  const { member, booking } = await openSession(ruby)
  await joins(ruby, booking.id)
  await becomes(member, booking.id, 'joined by the host', (one) => one.hostJoinedAt !== null)
  await moveTo(presence, booking.start, minuteMs)
  await ruby.ask('POST', `/api/host/members/${member.id}/block`)
  await waitFor('the end of the room', async () => (await member.booking(booking.id)).roomStatus === 'ended')
  const [task] = await tasksAbout(member.fullName)
  expect(task).toMatchObject({ hasEndedSession: true })
  const path = `/api/ops/tasks/${task!.id}/resolve`
  await expect(operator.ask('POST', path, { note: 'no decision' })).rejects.toMatchObject({ status: 400 })
  await operator.ask('POST', path, { decision: 'decided_for_member', note: '' })
  const told = await smsArrives(
    presence,
    member.mobileNumber,
    'We ended this session',
    'take your money back',
  )
  expect(told.body).not.toMatch(/make it/)
  await smsArrives(presence, ruby.mobileNumber, 'We ended this session', 'the member has it back')
  expect(await member.booking(booking.id)).toMatchObject({ state: 'pending', givenBackBy: 'presence' })
  await untilIdle(presence)
  expect(await violations(presence)).toEqual([])
})
