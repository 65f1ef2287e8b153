// Every operation of Cal.com that the sandbox covers, and its refusals, by fetch alone: Cal.com has no
// official package.
import { dayMs, hourMs, minuteMs } from '../../../server/lib/time.ts'
import { type Answer, must, type Outside } from './world.ts'

const versions: [string, string][] = [
  ['/v2/slots', '2024-09-04'],
  ['/v2/bookings', '2024-08-13'],
  ['/v2/event-types', '2024-06-14'],
  ['/v2/schedules', '2024-06-11'],
]

export type Cal = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

/** With the key, and the version of the path; a header given as '' is left out. */
export function calClient({ call, keys }: Pick<Outside, 'call' | 'keys'>): Cal {
  return (method, path, body, headers = {}) => {
    const version = versions.find(([start]) => path.startsWith(start))?.[1]
    const all = {
      authorization: `Bearer ${keys['CALCOM_API_KEY']}`,
      ...(version ? { 'cal-api-version': version } : {}),
      ...headers,
    }
    return call(
      method,
      path,
      body,
      Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    )
  }
}

export const attendee = { name: 'Sam Rivers', email: 'sam@example.com', timeZone: 'Europe/Berlin' }
const host = { eventTypeSlug: '10min', username: 'amelia-hart' }

/** The free starts of a host in the next `hours`, from tomorrow on. */
export async function freeStarts(
  cal: Cal,
  now: Date,
  hours = 3,
  username = host.username,
): Promise<string[]> {
  const from = new Date(now.getTime() + dayMs)
  const query = new URLSearchParams({
    username,
    eventTypeSlug: '10min',
    start: from.toISOString(),
    end: new Date(from.getTime() + hours * hourMs).toISOString(),
    timeZone: 'UTC',
  })
  const { body } = await cal('GET', `/v2/slots?${query}`)
  return (Object.values(body.data) as { start: string }[][]).flat().map((slot) => slot.start)
}

export async function useCalcom(outside: Outside): Promise<void> {
  const cal = calClient(outside)
  const ok = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await cal(method, path, body, headers)
    must(answer.status < 300, `${method} ${path} answers ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body?.data
  }
  const is = async (
    status: number,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => {
    const answer = await cal(method, path, body, headers)
    must(
      answer.status === status,
      `${method} ${path} answers ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`,
    )
  }
  const now = async () => new Date((await outside.control('GET', '/clock')).body.now)
  await configure(ok, is, outside)
  await book(ok, is, cal, outside, now)
}

type Ok = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer['body']>
type Is = (
  status: number,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<void>

async function configure(ok: Ok, is: Is, { receiver }: Outside): Promise<void> {
  await ok('GET', '/v2/me')
  await ok('GET', '/v2/schedules')
  await ok('GET', '/v2/schedules/default')
  const schedule = await ok('POST', '/v2/schedules', {
    name: 'Late',
    timeZone: 'Europe/Rome',
    isDefault: false,
    availability: [{ days: ['Monday', 'Tuesday'], startTime: '17:00', endTime: '23:00' }],
  })
  await ok('GET', `/v2/schedules/${schedule.id}`)
  await ok('PATCH', `/v2/schedules/${schedule.id}`, {
    overrides: [{ date: '2030-05-20', startTime: '12:00', endTime: '14:00' }],
  })
  await ok('DELETE', `/v2/schedules/${schedule.id}`)
  await is(404, 'GET', `/v2/schedules/${schedule.id}`)
  const type = await ok('POST', '/v2/event-types', { lengthInMinutes: 20, title: 'Talk', slug: 'talk' })
  await ok('GET', '/v2/event-types?username=amelia-hart&eventSlug=10min')
  await ok('GET', `/v2/event-types/${type.id}`)
  await ok('PATCH', `/v2/event-types/${type.id}`, { title: 'A talk', minimumBookingNotice: 60 })
  const hook = {
    active: true,
    subscriberUrl: `${receiver.url}/type`,
    triggers: ['MEETING_ENDED'],
    secret: 'type secret',
  }
  await ok('POST', `/v2/event-types/${type.id}/webhooks`, hook)
  await ok('GET', `/v2/event-types/${type.id}/webhooks`)
  await ok('DELETE', `/v2/event-types/${type.id}`)
  const made = await ok('POST', '/v2/webhooks', {
    active: true,
    subscriberUrl: `${receiver.url}/hook`,
    triggers: ['BOOKING_CREATED', 'BOOKING_CANCELLED'],
    secret: 'own secret',
  })
  await ok('GET', '/v2/webhooks?take=10')
  await ok('GET', `/v2/webhooks/${made.id}`)
  await ok('PATCH', `/v2/webhooks/${made.id}`, { active: false })
  await ok('DELETE', `/v2/webhooks/${made.id}`)
  await is(400, 'POST', '/v2/webhooks', {
    active: true,
    subscriberUrl: `${receiver.url}/x`,
    triggers: ['BOOKING_COMPLETED'],
  })
  await is(401, 'GET', '/v2/webhooks', undefined, { authorization: '' })
  await is(401, 'GET', '/v2/me', undefined, { authorization: 'Bearer cal_live_wrong' })
  await is(404, 'GET', '/v2/teams')
}

async function book(
  ok: Ok,
  is: Is,
  cal: Cal,
  { advance, sandbox }: Outside,
  now: () => Promise<Date>,
): Promise<void> {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = await freeStarts(cal, await now())
  const [type] = await ok('GET', '/v2/event-types?username=amelia-hart')
  const slots = `/v2/slots?eventTypeId=${type.id}&start=${first.slice(0, 10)}`
  await ok('GET', `${slots}&end=${first.slice(0, 10)}&format=range&timeZone=Asia/Kolkata`)
  const night = new Date((await now()).getTime() + 3 * dayMs).toISOString().slice(0, 10)
  const none = await ok(
    'GET',
    `/v2/slots?username=priya-raman&eventTypeSlug=10min&start=${night}T20:00:00Z&end=${night}T23:00:00Z`,
  )
  must(JSON.stringify(none) === '{}', 'at night there are slots')
  await is(404, 'GET', '/v2/slots?eventTypeId=999999&start=2030-01-01&end=2030-01-02')

  const held = await ok('POST', '/v2/slots/reservations', { eventTypeId: type.id, slotStart: first })
  await ok('GET', `/v2/slots/reservations/${held.reservationUid}`)
  await ok('PATCH', `/v2/slots/reservations/${held.reservationUid}`, {
    eventTypeId: type.id,
    slotStart: first,
    reservationDuration: 10,
  })
  await is(422, 'POST', '/v2/slots/reservations', { eventTypeId: type.id, slotStart: first })
  const made = await ok('POST', '/v2/bookings', {
    start: first,
    ...host,
    attendee,
    metadata: { bookingId: 'b1' },
    bookingFieldsResponses: { notes: 'Hello' },
  })
  await ok('DELETE', `/v2/slots/reservations/${held.reservationUid}`)
  await is(400, 'POST', '/v2/bookings', { start: first, ...host, attendee })
  await is(400, 'POST', '/v2/bookings', { start: '2020-01-01T00:00:00Z', ...host, attendee })
  await is(400, 'POST', '/v2/bookings', { start: second, ...host })
  await is(404, 'GET', '/v2/bookings/nothing')
  await ok('GET', `/v2/bookings/${made.uid}`)
  await ok(
    'GET',
    `/v2/bookings?attendeeEmail=${attendee.email}&status=upcoming&take=5&sortStart=asc&afterStart=${first}`,
  )
  await is(403, 'GET', '/v2/bookings', undefined, { authorization: '' })
  const moved = await ok('POST', `/v2/bookings/${made.uid}/reschedule`, {
    start: second,
    reschedulingReason: 'Later',
  })
  await is(400, 'POST', `/v2/bookings/${made.uid}/reschedule`, { start: third })
  await ok('PATCH', `/v2/bookings/${moved.uid}/location`, {
    location: { type: 'address', address: '1 Example St' },
  })
  const other = await ok('POST', '/v2/bookings', { start: third, ...host, attendee })
  await ok('POST', `/v2/bookings/${other.uid}/cancel`, { cancellationReason: 'Ill' })
  await is(400, 'POST', `/v2/bookings/${other.uid}/cancel`, { cancellationReason: 'Ill' })
  await ok('PATCH', `/v2/event-types/${type.id}`, {
    confirmationPolicy: { type: 'always', blockUnconfirmedBookingsInBooker: false },
  })
  const asked = await ok('POST', '/v2/bookings', { start: fourth, ...host, attendee })
  await ok('POST', `/v2/bookings/${asked.uid}/confirm`)
  const declined = await ok('POST', '/v2/bookings', { start: fifth, ...host, attendee })
  await ok('POST', `/v2/bookings/${declined.uid}/decline`, { reason: 'Away' })
  await ok('PATCH', `/v2/event-types/${type.id}`, { confirmationPolicy: { disabled: true } })
  await is(400, 'POST', `/v2/bookings/${moved.uid}/mark-absent`, {
    attendees: [{ email: attendee.email, absent: true }],
  })
  await advance(Date.parse(second) + 11 * minuteMs - (await now()).getTime())
  await ok('POST', `/v2/bookings/${moved.uid}/mark-absent`, {
    host: false,
    attendees: [{ email: attendee.email, absent: true }],
  })
  await sandbox.settled()
}
