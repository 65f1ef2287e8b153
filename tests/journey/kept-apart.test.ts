// Two who are kept apart, over every route there is: each list and each act of the API is found in
// /openapi.json, so that a new one is asked as well.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../server/lib/ids.ts'
import type { Blocks } from '../../server/journey/operations/blocks-view.ts'
import type { HostPage } from '../../server/journey/hosts/host-view.ts'
import type { Person } from '../../world/person.ts'
import {
  alwaysFreeHost,
  bookingStartingIn,
  type Host,
  type Member,
  moveTo,
  paidPurchase,
  sessionTakesPlace,
  signedInHost,
  signedInMember,
  signedInOperator,
  startIn,
  type TimedBooking,
} from '../people/actors.ts'
import { query, smsKinds, smsOf, untilIdle, violations } from '../people/evidence.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let ruby: Host
let amelia: Host
let member: Member
let ahead: TimedBooking
let unused: string
let smsBefore = { member: 0, host: 0 }

const memberName = 'Xanthe Quill'
/** All that a host is told of a member. */
const shownName = 'Xanthe'

beforeAll(async () => {
  presence = await startPresence()
  ruby = await alwaysFreeHost(presence)
  amelia = await signedInHost(presence, 'Amelia Hart')
  member = await signedInMember(presence, memberName)
  // They have met, like each other, and have another session ahead.
  const past = await bookingStartingIn(60, member, ruby)
  await sessionTakesPlace(member, past, [member, ruby])
  await untilIdle(presence)
  await member.ask('POST', `/api/hosts/${ruby.id}/like`)
  await ruby.ask('POST', `/api/host/members/${member.id}/like`)
  ahead = await bookingStartingIn(50 * 60, member, ruby)
  unused = (await paidPurchase(member, ruby)).bookingIds[0]!
  await untilIdle(presence)
  smsBefore = {
    member: (await smsOf(presence, member.mobileNumber)).length,
    host: (await smsOf(presence, ruby.mobileNumber)).length,
  }
  await member.ask('POST', `/api/hosts/${ruby.id}/block`)
  await untilIdle(presence)
})
afterAll(() => presence?.stop())

type Operation = { method: string; path: string; takes: string[] }

/** Every route of the API with the ids that it takes. */
async function operations(): Promise<Operation[]> {
  const document = (await (await fetch(`${presence.url}/openapi.json`)).json()) as {
    paths: Record<
      string,
      Record<
        string,
        {
          requestBody?: { content?: Record<string, { schema?: { properties?: Record<string, unknown> } }> }
        }
      >
    >
  }
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      takes: Object.keys(requestBody?.content?.['application/json']?.schema?.properties ?? {}),
    })),
  )
}

/** The path with the ids of these two. */
function filled(path: string, purchaseId: string): string {
  return path
    .replace('/api/hosts/{id}', `/api/hosts/${ruby.id}`)
    .replace('/api/host/members/{id}', `/api/host/members/${member.id}`)
    .replace('/api/bookings/{id}', `/api/bookings/${unused}`)
    .replace('/api/host/bookings/{id}', `/api/host/bookings/${unused}`)
    .replace('/api/purchases/{id}', `/api/purchases/${purchaseId}`)
    .replaceAll(/\{[^}]+\}/g, newId())
}

async function bodyOf(person: Person, path: string): Promise<string> {
  const from = new Date().toISOString()
  const spans = path.endsWith('/slots')
    ? `?from=${from}&to=${new Date(Date.now() + 86_400_000).toISOString()}`
    : ''
  return (await person.fetch(path + spans)).text()
}

/**
 * What somebody has paid for or been paid for is their own record and keeps the other's name, so that it can
 * be reported, refunded and accounted for. Everything else must not name the other.
 */
const ownRecords = {
  member: [
    '/api/bookings',
    '/api/bookings/{id}',
    '/api/bookings/{id}/prompts',
    '/api/bookings/{id}/presence',
    '/api/bookings/{id}/calendar.ics',
    '/api/purchases/{id}',
    '/api/purchases/{id}/receipt',
  ],
  host: [
    '/api/bookings/{id}',
    '/api/bookings/{id}/prompts',
    '/api/bookings/{id}/presence',
    '/api/bookings/{id}/calendar.ics',
    '/api/host/earnings',
    '/api/host/earnings.csv',
  ],
}

describe('two who are kept apart', () => {
  test('every list, card, search and banner of the member is without the host', async () => {
    const purchaseId = (await member.booking(unused)).purchaseId
    const asked = (await operations()).filter(
      ({ method, path }) => method === 'GET' && !ownRecords.member.includes(path),
    )
    expect(asked.length).toBeGreaterThan(15)
    for (const { path } of asked) {
      const body = await bodyOf(member, filled(path, purchaseId))
      expect(body, path).not.toContain(ruby.id)
      expect(body, path).not.toContain('Ruby')
    }
    for (const search of ['?q=Ruby', '?sort=next&limit=100', `?first=${ruby.id}`, '?limit=100']) {
      const { hosts } = await member.ask<HostPage>('GET', `/api/hosts${search}`)
      expect(
        hosts.map(({ id }) => id),
        search,
      ).not.toContain(ruby.id)
    }
  })

  test('every list of the host is without the member', async () => {
    const asked = (await operations()).filter(
      ({ method, path }) => method === 'GET' && !ownRecords.host.includes(path),
    )
    for (const { path } of asked) {
      const body = await bodyOf(ruby, filled(path, newId()))
      if (path === '/api/host') {
        // Past sessions are the host's own record.
        const { members, sessions } = JSON.parse(body) as { members: unknown; sessions: unknown }
        expect(JSON.stringify([members, sessions])).not.toContain(shownName)
      } else expect(body, path).not.toContain(shownName)
    }
  })

  test('every act between the two is refused, for both of them', async () => {
    const start = await startIn(presence, 60 * 60)
    const between = (await operations()).filter(
      ({ method, path, takes }) =>
        method !== 'GET' &&
        !path.endsWith('/block') &&
        !path.startsWith('/api/ops/') &&
        (path.startsWith('/api/hosts/{id}') || path.includes('/members/{id}') || takes.includes('hostId')),
    )
    expect(between.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(['POST /api/checkout', 'POST /functions/v1/calcom-create-booking']),
    )
    for (const { method, path } of between) {
      const person = path.startsWith('/api/host/') ? ruby : member
      const body = path === '/api/checkout' ? { plan: 'Weekly', hostId: ruby.id } : { hostId: ruby.id, start }
      const withBooking = path.includes('create-booking') ? { ...body, bookingId: unused } : body
      await expect(
        person.ask(method, filled(path, newId()), takesBody(path) ? withBooking : {}),
        `${method} ${path}`,
      ).rejects.toMatchObject({ code: expect.stringMatching(/^(not_found|host_unavailable)$/) as string })
    }
    const to = new Date(Date.parse(start) + 86_400_000).toISOString()
    await expect(
      member.ask('GET', `/api/hosts/${ruby.id}/slots?from=${start}&to=${to}`),
    ).rejects.toMatchObject({
      code: 'host_unavailable',
    })
    for (const person of [member, ruby])
      await expect(
        person.ask('POST', `/api/${person === ruby ? 'host/' : ''}bookings/${ahead.id}/reschedule`, {
          start,
        }),
      ).rejects.toMatchObject({ code: 'not_scheduled' })
  })

  test('their session ahead is ended by us: given back with more time, and both are told so', async () => {
    expect(await member.booking(ahead.id)).toMatchObject({
      state: 'pending',
      start: null,
      givenBackBy: 'presence',
      isRefundOffered: true,
      refundable: true,
      isBlocked: true,
    })
    for (const [number, before] of [
      [member.mobileNumber, smsBefore.member],
      [ruby.mobileNumber, smsBefore.host],
    ] as const) {
      const since = (await smsOf(presence, number)).slice(before)
      expect(since.map(({ body }) => body)).toEqual([
        expect.stringContaining('Presence has ended the session'),
      ])
      expect(since[0]!.body).not.toMatch(/couldn't make it|Ruby|Xanthe/)
    }
  })

  test('no reminder, match or thanks about the two is sent any more', async () => {
    await moveTo(presence, ahead.start, -60_000)
    await untilIdle(presence)
    for (const { mobileNumber } of [member, ruby])
      for (const kind of ['reminder', 'liked'])
        expect((await smsKinds(presence, mobileNumber)).slice(smsBefore.member)).not.toContain(kind)
    expect(await query(presence.databaseUrl, `select 1 from likes where host_liked_at is not null`)).toEqual(
      [],
    )
  })

  test('a session bought for the one can be had with another host, or refunded', async () => {
    await bookingStartingIn(60, member, amelia, unused)
    await member.ask('POST', `/api/bookings/${ahead.id}/refund`)
    await untilIdle(presence)
    expect(await violations(presence)).toEqual([])
  })

  test('an operator lifts it with a reason, which is kept; nobody else can', async () => {
    const operator = await signedInOperator(presence)
    const { blocks } = await operator.ask<Blocks>('GET', '/api/ops/blocks')
    expect(blocks).toMatchObject([{ hostName: 'Ruby Tamihana', memberName, setBy: 'member', liftedAt: null }])
    const path = `/api/ops/blocks/${blocks[0]!.id}/lift`
    for (const person of [member, ruby])
      await expect(person.ask('POST', path, { reason: 'please' })).rejects.toMatchObject({ status: 403 })
    await expect(operator.ask('POST', path, { reason: ' ' })).rejects.toMatchObject({ code: 'invalid_input' })
    await operator.ask('POST', path, { reason: 'Both asked for it.' })
    const { hosts } = await member.ask<HostPage>('GET', '/api/hosts?q=Ruby')
    expect(hosts.map(({ id }) => id)).toEqual([ruby.id])
    const after = await operator.ask<Blocks>('GET', '/api/ops/blocks')
    expect(after.blocks).toMatchObject([
      { liftReason: 'Both asked for it.', liftedBy: operator.mobileNumber },
    ])
  })
})

const takesBody = (path: string) =>
  ['/api/checkout', '/functions/v1/calcom-create-booking', '/api/bookings/{id}/reserve'].includes(path)
