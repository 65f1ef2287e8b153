import { expect } from 'vitest'
import { attendee, calClient, freeStarts } from '../use/calcom.ts'
import type { Outside } from '../use/world.ts'
import { dayMs, minuteMs } from '../../../server/lib/time.ts'
import { commonlyWrong } from './lines.ts'

const host = { eventTypeSlug: '10min', username: 'amelia-hart' }
const now = async (outside: Outside) => new Date((await outside.control('GET', '/clock')).body.now)

/** A booking with Amelia Hart at the first free start of tomorrow. */
async function booked(
  outside: Outside,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) {
  const cal = calClient(outside)
  const [start = '', next = ''] = await freeStarts(cal, await now(outside))
  const made = await cal('POST', '/v2/bookings', { start, ...host, attendee, ...more }, headers)
  return { cal, start, next, made, uid: String(made.body.data?.uid) }
}

async function told(outside: Outside, trigger: string) {
  await outside.sandbox.settled()
  return outside.receiver.received
    .filter(({ path }) => path === '/functions/v1/calcom-webhook')
    .map(({ body }) => JSON.parse(body))
    .filter((body) => body.triggerEvent === trigger)
}

commonlyWrong('Cal.com', (line) => {
  line(
    '`cal-api-version` per controller. Leaving it out silently selects an older contract',
    async (outside) => {
      const { cal, uid } = await booked(outside)
      const versions = {
        [`/v2/bookings/${uid}`]: '2024-08-13',
        '/v2/event-types?username=amelia-hart': '2024-06-14',
        '/v2/schedules': '2024-06-11',
      }
      for (const [path, version] of Object.entries(versions)) {
        const [today, older] = [
          await cal('GET', path, undefined, { 'cal-api-version': version }),
          await cal('GET', path, undefined, { 'cal-api-version': '' }),
        ]
        expect([today.status, older.status], path).toEqual([200, 200])
        expect(Object.keys([today.body.data].flat()[0]).sort(), path).not.toEqual(
          Object.keys([older.body.data].flat()[0]).sort(),
        )
      }
      const day = (await now(outside)).toISOString().slice(0, 10)
      const slots = `/v2/slots?eventTypeSlug=10min&username=amelia-hart&start=${day}&end=${day}`
      expect((await cal('GET', slots)).status).toBe(200)
      expect((await cal('GET', slots, undefined, { 'cal-api-version': '' })).status).toBe(404)
      expect((await cal('GET', '/v2/webhooks', undefined, { 'cal-api-version': '' })).status).toBe(200)
      expect((await cal('GET', '/v2/me', undefined, { 'cal-api-version': '' })).status).toBe(200)
    },
  )

  line(
    '`Authorization: Bearer cal_…`. Creating, reading, cancelling and rescheduling a booking work **without** auth',
    async (outside) => {
      const nobody = { authorization: '' }
      const { cal, made, uid, next } = await booked(outside, {}, nobody)
      expect(made.status).toBe(201)
      expect((await cal('GET', `/v2/bookings/${uid}`, undefined, nobody)).status).toBe(200)
      const moved = await cal('POST', `/v2/bookings/${uid}/reschedule`, { start: next }, nobody)
      expect(moved.status).toBe(201)
      expect((await cal('POST', `/v2/bookings/${moved.body.data.uid}/cancel`, {}, nobody)).status).toBe(200)
      for (const path of ['/v2/me', '/v2/webhooks', '/v2/schedules'])
        expect((await cal('GET', path, undefined, nobody)).status).toBe(401)
      expect((await cal('GET', '/v2/me', undefined, { authorization: 'Bearer cal_live_wrong' })).status).toBe(
        401,
      )
      expect(outside.keys['CALCOM_API_KEY']).toMatch(/^cal_/)
    },
  )

  line(
    'Every success is `{status:"success", data}`; errors `{status:"error", timestamp, path, error:{code,message,details}}`.',
    async (outside) => {
      const cal = calClient(outside)
      expect((await cal('GET', '/v2/me')).body).toEqual({ status: 'success', data: expect.any(Object) })
      const slots = (hours: string) =>
        cal(
          'GET',
          `/v2/slots?eventTypeSlug=10min&username=priya-raman&start=2030-01-02T${hours.split('-')[0]}&end=2030-01-02T${hours.split('-')[1]}`,
        )
      const { body } = await slots('02:00:00Z-03:00:00Z')
      expect(body).toEqual({
        status: 'success',
        data: { '2030-01-02': expect.arrayContaining([{ start: '2030-01-02T02:00:00.000Z' }]) },
      })
      expect((await slots('15:00:00Z-17:00:00Z')).body).toEqual({ status: 'success', data: {} })
      expect((await cal('GET', '/v2/bookings/nothing')).body).toEqual({
        status: 'error',
        timestamp: expect.any(String),
        path: '/v2/bookings/nothing',
        error: { code: expect.any(String), message: expect.any(String), details: expect.any(Object) },
      })
    },
  )

  line('`start` must be UTC; no `end` is sent. `attendee` needs `name` and `timeZone`', async (outside) => {
    const { cal, made, next } = await booked(outside, {
      bookingFieldsResponses: { notes: 'Hello' },
      metadata: { a: 'b' },
    })
    const lengthMs = Date.parse(made.body.data.end) - Date.parse(made.body.data.start)
    expect(lengthMs).toBe(10 * minuteMs)
    expect(made.body.data).toMatchObject({ metadata: { a: 'b' }, bookingFieldsResponses: { notes: 'Hello' } })
    for (const lacking of ['name', 'timeZone', 'email'] as const) {
      const { [lacking]: _left, ...rest } = attendee
      expect(
        (await cal('POST', '/v2/bookings', { start: next, ...host, attendee: rest })).status,
        lacking,
      ).toBe(400)
    }
    for (const metadata of [{ a: { b: 'c' } }, { a: 1 }]) {
      expect((await cal('POST', '/v2/bookings', { start: next, ...host, attendee, metadata })).status).toBe(
        400,
      )
    }
  })

  line('Create and reschedule answer 201, cancel/confirm/decline/mark-absent 200.', async (outside) => {
    const { cal, made, uid, next, start } = await booked(outside)
    const moved = await cal('POST', `/v2/bookings/${uid}/reschedule`, { start: next })
    const cancelled = await cal('POST', `/v2/bookings/${moved.body.data.uid}/cancel`, {})
    expect([made.status, moved.status, cancelled.status]).toEqual([201, 201, 200])
    expect(moved.body.data.uid).not.toBe(uid)
    expect((await cal('GET', `/v2/bookings/${uid}`)).body.data).toMatchObject({
      status: 'cancelled',
      rescheduledToUid: moved.body.data.uid,
    })
    expect([made.body.data.status, cancelled.body.data.status]).toEqual(['accepted', 'cancelled'])
    const [type] = (await cal('GET', '/v2/event-types?username=amelia-hart')).body.data
    const confirming = (confirmationPolicy: object) =>
      cal('PATCH', `/v2/event-types/${type.id}`, { confirmationPolicy })
    await confirming({ type: 'always' })
    const asked = await cal('POST', '/v2/bookings', { start, ...host, attendee })
    const other = await cal('POST', '/v2/bookings', { start: next, ...host, attendee })
    await confirming({ disabled: true })
    expect([
      asked.body.data.status,
      (await cal('POST', `/v2/bookings/${asked.body.data.uid}/confirm`)).status,
      (await cal('POST', `/v2/bookings/${other.body.data.uid}/decline`, {})).status,
    ]).toEqual(['pending', 200, 200])
    const statuses = (await told(outside, 'BOOKING_CREATED')).map((body) => body.payload.status)
    expect(new Set(statuses)).toEqual(new Set(['ACCEPTED']))
    expect((await told(outside, 'BOOKING_REQUESTED'))[0].payload.status).toBe('PENDING')
  })

  line('`mark-absent` takes `{host, attendees:[{email, absent}]}`.', async (outside) => {
    const { cal, uid, start } = await booked(outside)
    await outside.advance(Date.parse(start) - (await now(outside)).getTime() + minuteMs)
    const marked = await cal('POST', `/v2/bookings/${uid}/mark-absent`, {
      host: true,
      attendees: [{ email: attendee.email, absent: true }],
    })
    expect(marked.status).toBe(200)
    expect(marked.body.data).toMatchObject({
      absentHost: true,
      attendees: [{ email: attendee.email, absent: true }],
    })
  })

  line('Slot reservation: default 5 minutes, nobody else can book that start meanwhile', async (outside) => {
    const cal = calClient(outside)
    const nobody = { authorization: '' }
    const [slotStart = '', other = ''] = await freeStarts(cal, await now(outside))
    const [type] = (await cal('GET', '/v2/event-types?username=amelia-hart')).body.data
    const held = await cal('POST', '/v2/slots/reservations', { eventTypeId: type.id, slotStart })
    expect(held.body.data.reservationDuration).toBe(5)
    expect(Date.parse(held.body.data.reservationUntil) - (await now(outside)).getTime()).toBeLessThanOrEqual(
      5 * minuteMs,
    )
    expect((await cal('POST', '/v2/bookings', { start: slotStart, ...host, attendee }, nobody)).status).toBe(
      400,
    )
    expect(
      (
        await cal(
          'POST',
          '/v2/slots/reservations',
          { eventTypeId: type.id, slotStart: other, reservationDuration: 9 },
          nobody,
        )
      ).status,
    ).toBe(401)
    expect((await cal('POST', '/v2/bookings', { start: slotStart, ...host, attendee })).status).toBe(201)
    const { reservationUid } = held.body.data
    expect((await cal('GET', `/v2/slots/reservations/${reservationUid}`)).body.data).not.toBeNull()
    expect((await cal('DELETE', `/v2/slots/reservations/${reservationUid}`)).status).toBe(200)
    const short = await cal(
      'POST',
      '/v2/slots/reservations',
      { eventTypeId: type.id, slotStart: other },
      nobody,
    )
    expect(await freeStarts(cal, new Date(Date.parse(other) - dayMs), 1)).not.toContain(other)
    await outside.advance(5 * minuteMs + 1000)
    expect(short.status).toBe(201)
    expect((await cal('POST', '/v2/bookings', { start: other, ...host, attendee }, nobody)).status).toBe(201)
  })

  line('Webhook: `MEETING_STARTED`/`MEETING_ENDED` are **flat**', async (outside) => {
    const { cal, made, uid, next } = await booked(outside, { metadata: { ours: 'b-1' } })
    const moved = (await cal('POST', `/v2/bookings/${uid}/reschedule`, { start: next })).body.data
    const about = async (trigger: string) =>
      (await told(outside, trigger)).filter((body) => [body.uid, body.payload?.uid].includes(moved.uid))
    expect((await about('BOOKING_RESCHEDULED'))[0].payload).toMatchObject({
      uid: moved.uid,
      rescheduleUid: made.body.data.uid,
    })
    expect(await about('MEETING_ENDED')).toEqual([])
    await outside.advance(Date.parse(next) - (await now(outside)).getTime())
    expect([(await about('MEETING_STARTED')).length, (await about('MEETING_ENDED')).length]).toEqual([1, 0])
    await outside.advance(10 * minuteMs)
    const [ended] = await about('MEETING_ENDED')
    expect('payload' in ended).toBe(false)
    expect(ended.createdAt).toBe(moved.createdAt)
  })

  line('`createWebhook` needs `active`, `subscriberUrl`, `triggers`.', async (outside) => {
    const cal = calClient(outside)
    const whole = {
      active: true,
      subscriberUrl: `${outside.receiver.url}/needs`,
      triggers: ['BOOKING_CREATED'],
    }
    for (const lacking of ['active', 'subscriberUrl', 'triggers'] as const) {
      const { [lacking]: _left, ...rest } = whole
      expect((await cal('POST', '/v2/webhooks', rest)).status, lacking).toBe(400)
    }
    expect((await cal('POST', '/v2/webhooks', whole)).status).toBe(201)
  })
})
