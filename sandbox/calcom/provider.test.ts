import { describe, expect, test } from 'vitest'
import { ownKey } from './account.ts'
import { seedHosts } from '../seed/hosts.ts'
import { signature } from './hook.ts'
import { calcomShape, hasContracts, hookSamples, vectors } from './testing/contracts.ts'
import { startCalcom } from './testing/world.ts'

const now = '2027-02-10T10:00:00Z'

describe('keys, versions and limits', () => {
  test('a wrong key is refused everywhere, a missing one where only the host may act', async () => {
    const { api } = await startCalcom()
    const wrong = await api('GET', '/v2/me', undefined, { authorization: 'Bearer cal_live_wrong' })
    expect(wrong).toMatchObject({
      status: 401,
      body: { status: 'error', path: '/v2/me', error: { code: 'UnauthorizedException' } },
    })
    expect((await api('GET', '/v2/schedules', undefined, { authorization: '' })).status).toBe(401)
    expect(
      (await api('GET', '/v2/bookings/x', undefined, { authorization: 'Bearer cal_live_wrong' })).status,
    ).toBe(401)
    expect((await api('GET', '/v2/bookings/x', undefined, { authorization: '' })).status).toBe(404)
  })
  test('a missing or unknown cal-api-version selects the contract of 2024-04-15', async () => {
    const { api, book, at } = await startCalcom()
    await at(now)
    const { uid } = (await book('2027-02-10T11:00:00Z')).body.data
    for (const version of ['', '2099-01-01', '2024-04-15']) {
      const headers = { 'cal-api-version': version }
      const old = await api('GET', `/v2/bookings/${uid}`, undefined, headers)
      expect(old.body.data).toMatchObject({ uid, status: 'ACCEPTED', startTime: '2027-02-10T11:00:00.000Z' })
      expect(old.body.data).not.toHaveProperty('start')
      expect((await api('POST', '/v2/bookings', { start: '2027-02-10T12:00:00Z' }, headers)).status).toBe(400)
      expect(
        (await api('GET', '/v2/slots?eventTypeId=1&start=2027-02-10&end=2027-02-11', undefined, headers))
          .status,
      ).toBe(404)
    }
    expect(
      (await api('GET', `/v2/bookings/${uid}`, undefined, { 'cal-api-version': '2024-09-04' })).status,
    ).toBe(404)
  })
  test('the 121st request a minute is refused, as is everything for 60 seconds after', async () => {
    const { api, at } = await startCalcom()
    await at(now)
    await api('POST', '/_sandbox/limits', { on: true })
    const first = await api('GET', '/v2/me')
    expect(first.headers.get('x-ratelimit-limit-default')).toBe('120')
    expect(first.headers.get('x-ratelimit-remaining-default')).toBe('119')
    for (let count = 1; count < 120; count++) await api('GET', '/v2/me')
    expect(await api('GET', '/v2/me')).toMatchObject({
      status: 429,
      body: { error: { code: 'ThrottlerException' } },
    })
    await at('2027-02-10T10:00:50Z')
    expect((await api('GET', '/v2/me')).status).toBe(429)
    await at('2027-02-10T10:01:10Z')
    expect((await api('GET', '/v2/me')).status).toBe(200)
  })
})

describe('accounts', () => {
  test('every seed host with a Cal.com name has one 10 minute event type', async () => {
    const { api, sandbox } = await startCalcom()
    for (const { calUsername, calEventSlug, hasOwnCalcom, timeZone } of seedHosts) {
      if (calUsername === null) continue
      const path = `/v2/event-types?username=${encodeURIComponent(calUsername)}&eventSlug=${calEventSlug}`
      const own = { authorization: `Bearer ${ownKey(sandbox.ctx, calUsername)}` }
      if (hasOwnCalcom) expect((await api('GET', path)).body.data, 'hidden from the business').toEqual([])
      const types = (await api('GET', path, undefined, hasOwnCalcom ? own : {})).body.data
      expect(types).toMatchObject([
        { lengthInMinutes: 10, minimumBookingNotice: 0, beforeEventBuffer: 0, slotInterval: null },
      ])
      expect(timeZone).toBeTruthy()
    }
  })
  test('changing a schedule or an event type changes what can be booked', async () => {
    const { api, book, at, sandbox } = await startCalcom()
    await at(now)
    const [type] = (await api('GET', '/v2/event-types?username=amelia-hart')).body.data
    await api('PATCH', `/v2/event-types/${type.id}`, { afterEventBuffer: 10 })
    expect((await book('2027-02-10T11:00:00Z')).status).toBe(201)
    expect((await book('2027-02-10T10:50:00Z')).status).toBe(400)
    const schedule = sandbox.ctx.store.get<{ defaultScheduleId: number }>(
      'calcom.account',
      'amelia-hart',
    )?.defaultScheduleId
    await api('PATCH', `/v2/schedules/${schedule}`, {
      overrides: [{ date: '2027-02-11', startTime: '09:00', endTime: '09:30' }],
    })
    const slots = await api(
      'GET',
      `/v2/slots?eventTypeId=${type.id}&start=2027-02-10T14:00:00Z&end=2027-02-11T12:00:00Z&timeZone=Australia/Sydney`,
    )
    expect(slots.body.data['2027-02-11'].map((slot: { start: string }) => slot.start.slice(11, 16))).toEqual([
      '09:00',
      '09:10',
      '09:20',
    ])
  })
})

describe('webhooks', () => {
  test('a booking sends signed webhooks of its creation, move, cancellation, start and end', async () => {
    const world = await startCalcom()
    await world.at(now)
    const { uid } = (await world.book('2027-02-10T11:00:00Z')).body.data
    const moved = (
      await world.api('POST', `/v2/bookings/${uid}/reschedule`, { start: '2027-02-10T12:00:00Z' })
    ).body.data
    const other = (await world.book('2027-02-10T13:00:00Z')).body.data
    await world.api('POST', `/v2/bookings/${other.uid}/cancel`, { cancellationReason: 'ill' })
    await world.at('2027-02-10T14:00:00Z')
    expect((await world.told('BOOKING_CREATED')).map((body) => body.payload.uid)).toEqual([uid, other.uid])
    expect(await world.told('BOOKING_RESCHEDULED')).toMatchObject([
      { payload: { uid: moved.uid, rescheduleUid: uid, status: 'ACCEPTED' } },
    ])
    expect(await world.told('BOOKING_CANCELLED')).toMatchObject([
      { payload: { uid: other.uid, cancellationReason: 'ill' } },
    ])
    expect(await world.told('MEETING_STARTED')).toMatchObject([{ uid: moved.uid }])
    expect(await world.told('MEETING_ENDED')).toMatchObject([
      { uid: moved.uid, createdAt: moved.createdAt, status: 'ACCEPTED' },
    ])
    const secret = world.sandbox.ctx.keys['CALCOM_WEBHOOK_SECRET']
    for (const hook of world.hooks) {
      expect(hook.path).toBe('/functions/v1/calcom-webhook')
      expect(hook.headers['x-cal-signature-256']).toBe(signature(hook.text, secret))
    }
  })
  test('the webhook names the host who cancels or moves inside Cal.com', async () => {
    const world = await startCalcom()
    await world.at(now)
    const host = seedHosts.find((one) => one.calUsername === 'amelia-hart')
    const one = (await world.book('2027-02-10T11:00:00Z')).body.data
    const other = (await world.book('2027-02-10T12:00:00Z')).body.data
    await world.api('POST', `/_sandbox/calcom/bookings/${one.uid}/cancel`, { reason: 'ill' })
    await world.api('POST', `/_sandbox/calcom/bookings/${other.uid}/reschedule`, {
      start: '2027-02-10T13:00:00Z',
    })
    expect(await world.told('BOOKING_CANCELLED')).toMatchObject([
      { payload: { uid: one.uid, cancelledBy: host?.email } },
    ])
    expect(await world.told('BOOKING_RESCHEDULED')).toMatchObject([
      { payload: { rescheduleUid: other.uid, rescheduledBy: host?.email } },
    ])
    expect((await world.api('POST', '/_sandbox/calcom/bookings/none/cancel', {})).status).toBe(404)
  })
  test('a new webhook gets only its triggers, signed with its own secret', async () => {
    const world = await startCalcom()
    await world.at(now)
    const body = { active: true, subscriberUrl: `${world.appUrl}/mine`, triggers: ['BOOKING_CANCELLED'] }
    expect(
      (await world.api('POST', '/v2/webhooks', { ...body, triggers: ['BOOKING_COMPLETED'] })).status,
    ).toBe(400)
    expect((await world.api('POST', '/v2/webhooks', { subscriberUrl: body.subscriberUrl })).status).toBe(400)
    const { id } = (await world.api('POST', '/v2/webhooks', body)).body.data
    const { uid } = (await world.book('2027-02-10T11:00:00Z')).body.data
    await world.api('POST', `/v2/bookings/${uid}/cancel`, {})
    await world.sandbox.settled()
    const mine = world.hooks.filter((hook) => hook.path === '/mine')
    expect(mine.map((hook) => hook.body.triggerEvent)).toEqual(['BOOKING_CANCELLED'])
    expect(mine[0]?.headers['x-cal-signature-256']).toBe('no-secret-provided')
    expect((await world.api('PATCH', `/v2/webhooks/${id}`, { active: false })).body.data.active).toBe(false)
    expect((await world.api('DELETE', `/v2/webhooks/${id}`)).status).toBe(200)
    expect((await world.api('GET', `/v2/webhooks/${id}`)).status).toBe(404)
  })
})

describe.skipIf(!hasContracts)('shapes and vectors (needs CONTRACTS_DIR)', () => {
  test('answers about event types, schedules, webhooks and me have the published shape', async () => {
    const { api, appUrl } = await startCalcom()
    const shape = calcomShape()
    const check = async (name: string, method: string, path: string, body?: unknown) => {
      const answer = await api(method, path, body)
      expect([method, path, shape(name, answer.body)]).toEqual([method, path, ''])
      return answer.body.data
    }
    const type = await check('CreateEventTypeOutput_2024_06_14', 'POST', '/v2/event-types', {
      lengthInMinutes: 20,
      title: 'Talk',
      slug: 'talk',
    })
    await check('GetEventTypeOutput_2024_06_14', 'GET', `/v2/event-types/${type.id}`)
    await check('GetEventTypesOutput_2024_06_14', 'GET', '/v2/event-types?username=amelia-hart')
    await check('UpdateEventTypeOutput_2024_06_14', 'PATCH', `/v2/event-types/${type.id}`, {
      slotInterval: 15,
      hidden: true,
    })
    await check('EventTypeWebhookOutputResponseDto', 'POST', `/v2/event-types/${type.id}/webhooks`, {
      active: true,
      subscriberUrl: `${appUrl}/type`,
      triggers: ['MEETING_ENDED'],
    })
    await check('EventTypeWebhooksOutputResponseDto', 'GET', `/v2/event-types/${type.id}/webhooks`)
    await check('DeleteEventTypeOutput_2024_06_14', 'DELETE', `/v2/event-types/${type.id}`)
    const schedule = await check('CreateScheduleOutput_2024_06_11', 'POST', '/v2/schedules', {
      name: 'Late',
      timeZone: 'Europe/Rome',
      isDefault: true,
    })
    await check('GetSchedulesOutput_2024_06_11', 'GET', '/v2/schedules')
    await check('GetDefaultScheduleOutput_2024_06_11', 'GET', '/v2/schedules/default')
    await check('GetScheduleOutput_2024_06_11', 'GET', `/v2/schedules/${schedule.id}`)
    await check('UpdateScheduleOutput_2024_06_11', 'PATCH', `/v2/schedules/${schedule.id}`, {
      availability: [{ days: ['Monday'], startTime: '10:00', endTime: '11:00' }],
    })
    await check('DeleteScheduleOutput_2024_06_11', 'DELETE', `/v2/schedules/${schedule.id}`)
    const hook = await check('UserWebhookOutputResponseDto', 'POST', '/v2/webhooks', {
      active: true,
      subscriberUrl: `${appUrl}/x`,
      triggers: [],
    })
    await check('UserWebhooksOutputResponseDto', 'GET', '/v2/webhooks')
    await check('UserWebhookOutputResponseDto', 'PATCH', `/v2/webhooks/${hook.id}`, { secret: 's' })
    await check('GetMeOutput', 'GET', '/v2/me')
  })
  test('deliveries have every field of the published examples, with the same types', async () => {
    const world = await startCalcom()
    await world.at(now)
    const { uid } = (
      await world.book('2027-02-10T11:00:00Z', {
        guests: ['g@example.com'],
        bookingFieldsResponses: { notes: 'hello' },
      })
    ).body.data
    const moved = (
      await world.api('POST', `/v2/bookings/${uid}/reschedule`, {
        start: '2027-02-10T12:00:00Z',
        reschedulingReason: 'late',
      })
    ).body.data
    await world.at('2027-02-10T12:11:00Z')
    await world.api('POST', `/v2/bookings/${moved.uid}/mark-absent`, {
      attendees: [{ email: 'sam@example.com', absent: true }],
    })
    const { uid: third } = (await world.book('2027-02-10T13:00:00Z')).body.data
    await world.api('POST', `/v2/bookings/${third}/cancel`, {})
    const [type] = (await world.api('GET', '/v2/event-types?username=amelia-hart')).body.data
    await world.api('PATCH', `/v2/event-types/${type.id}`, { confirmationPolicy: { type: 'always' } })
    const { uid: fourth } = (await world.book('2027-02-10T13:00:00Z')).body.data
    await world.api('POST', `/v2/bookings/${fourth}/decline`, {})
    const samples = hookSamples()
    for (const trigger of [
      'BOOKING_CREATED',
      'BOOKING_RESCHEDULED',
      'BOOKING_CANCELLED',
      'BOOKING_REQUESTED',
      'BOOKING_REJECTED',
      'MEETING_STARTED',
      'MEETING_ENDED',
      'BOOKING_NO_SHOW_UPDATED',
    ]) {
      const [body] = await world.told(trigger)
      expect([trigger, differences(samples[trigger], body, '')]).toEqual([trigger, []])
    }
  })
  test('signatures equal the published vectors', () => {
    const known = vectors()
    expect(known.map((vector) => vector.id)).toEqual(['calcom-1', 'calcom-2-no-secret'])
    for (const { body, secret, header } of known)
      expect(signature(body, secret ?? undefined)).toBe(header.value)
  })
})

/** Paths of the sample that `actual` lacks or has with another type; null matches any type. */
function differences(sample: unknown, actual: unknown, path: string): string[] {
  if (sample === null || actual === null) return actual === undefined ? [path] : []
  if (Array.isArray(sample)) {
    return Array.isArray(actual)
      ? actual.length === 0
        ? []
        : differences(sample[0], actual[0], `${path}[0]`)
      : [path]
  }
  if (typeof sample !== typeof actual)
    return path.endsWith('.value') || path.startsWith('.payload.metadata.') ? [] : [path]
  if (typeof sample !== 'object' || typeof actual !== 'object') return []
  const fields = actual as Record<string, unknown>
  return Object.entries(sample).flatMap(([name, value]) =>
    differences(value, fields[name], `${path}.${name}`),
  )
}
