import { describe, expect, test } from 'vitest'
import { openSpans, starts } from './hours.ts'
import { calcomShape, hasContracts } from './testing/contracts.ts'
import { startCalcom } from './testing/world.ts'
import type { World } from './testing/world.ts'

const slots = async (world: World, query: Record<string, string>) =>
  (
    await world.api(
      'GET',
      `/v2/slots?${new URLSearchParams({ eventTypeSlug: '10min', username: 'amelia-hart', ...query })}`,
    )
  ).body.data
const flat = (data: Record<string, { start: string }[]>) =>
  Object.values(data)
    .flat()
    .map((slot) => slot.start)

describe('hours', () => {
  const berlin = {
    id: 1,
    ownerId: 1,
    name: '',
    timeZone: 'Europe/Berlin',
    overrides: [],
    availability: [{ days: ['Sunday'], startTime: '01:00', endTime: '04:00' }],
  }
  const hoursOn = (day: string) => {
    const [span] = openSpans(berlin, Date.parse(`${day}T00:00:00Z`), Date.parse(`${day}T12:00:00Z`))
    return [
      new Date(span?.startMs ?? 0).toISOString(),
      ((span?.endMs ?? 0) - (span?.startMs ?? 0)) / 3_600_000,
    ]
  }
  test('follow the wall clock of the host across daylight saving changes', () => {
    expect(hoursOn('2026-03-22')).toEqual(['2026-03-22T00:00:00.000Z', 3])
    expect(hoursOn('2026-03-29')).toEqual(['2026-03-29T00:00:00.000Z', 2])
    expect(hoursOn('2026-10-25')).toEqual(['2026-10-24T23:00:00.000Z', 4])
  })
  test('until 23:59 continue without a gap into the next day', () => {
    const always = {
      ...berlin,
      availability: [{ days: ['Sunday', 'Monday'], startTime: '00:00', endTime: '23:59' }],
    }
    expect(
      openSpans(always, Date.parse('2026-03-22T10:00:00Z'), Date.parse('2026-03-23T10:00:00Z')),
    ).toHaveLength(1)
  })
  test('of an override replace the hours of its day', () => {
    const schedule = { ...berlin, overrides: [{ date: '2026-03-22', startTime: '10:00', endTime: '11:00' }] }
    const spans = openSpans(schedule, Date.parse('2026-03-22T00:00:00Z'), Date.parse('2026-03-22T20:00:00Z'))
    expect(spans.map((span) => new Date(span.startMs).toISOString())).toEqual(['2026-03-22T09:00:00.000Z'])
  })
  test('give starts on round minutes with room for the whole length', () => {
    const at = (time: string) => Date.parse(`2026-03-22T${time}:00Z`)
    expect(starts([{ startMs: at('09:03'), endMs: at('09:35') }], 10, 10, 'UTC', 0, Infinity)).toEqual([
      at('09:10'),
      at('09:20'),
    ])
    expect(
      starts([{ startMs: at('09:00'), endMs: at('10:00') }], 10, 10, 'UTC', at('09:41'), Infinity),
    ).toEqual([at('09:50')])
  })
})

describe('GET /v2/slots', () => {
  test("answers the host's hours in the requested zone, grouped by its days", async () => {
    const world = await startCalcom()
    await world.at('2027-02-01T00:00:00Z')
    const data = await slots(world, {
      username: 'mateo-alvarez',
      start: '2027-02-10',
      end: '2027-02-10',
      timeZone: 'America/New_York',
      format: 'range',
    })
    // Madrid's 09:00 is 03:00 in New York.
    expect(data['2027-02-10'][0]).toEqual({
      start: '2027-02-10T03:00:00.000-05:00',
      end: '2027-02-10T03:10:00.000-05:00',
    })
    expect(data['2027-02-10']).toHaveLength(60)
    expect(
      (await slots(world, { start: '2027-02-10T10:00:00Z', end: '2027-02-10T10:20:00Z' }))['2027-02-10'],
    ).toEqual([
      { start: '2027-02-10T10:00:00.000Z' },
      { start: '2027-02-10T10:10:00.000Z' },
      { start: '2027-02-10T10:20:00.000Z' },
    ])
  })
  test('leaves out past, booked, reserved and blocked times, except for a moving booking', async () => {
    const world = await startCalcom()
    await world.at('2027-02-10T10:05:00Z')
    const range = { start: '2027-02-10T10:00:00Z', end: '2027-02-10T10:50:00Z' }
    const minutes = async (more = {}) =>
      flat(await slots(world, { ...range, ...more })).map((start) => start.slice(14, 16))
    expect(await minutes()).toEqual(['10', '20', '30', '40', '50'])
    const booked = await world.book('2027-02-10T10:20:00Z')
    expect(await minutes()).toEqual(['10', '30', '40', '50'])
    const type = booked.body.data.eventTypeId
    const reserved = await world.api('POST', '/v2/slots/reservations', {
      eventTypeId: type,
      slotStart: '2027-02-10T10:30:00Z',
    })
    await world.api('POST', '/_sandbox/calcom/users/amelia-hart/busy', {
      start: '2027-02-10T10:45:00Z',
      end: '2027-02-10T10:55:00Z',
    })
    expect(await minutes()).toEqual(['10'])
    expect(await minutes({ bookingUidToReschedule: booked.body.data.uid })).toEqual(['10', '20'])
    await world.api('DELETE', `/v2/slots/reservations/${reserved.body.data.reservationUid}`)
    expect(await minutes()).toEqual(['10', '30'])
    await world.api('POST', `/v2/bookings/${booked.body.data.uid}/cancel`, {})
    expect(await minutes()).toEqual(['10', '20', '30'])
  })
  test('answers {} when nothing is free, and 404 for an unknown user or event type', async () => {
    const world = await startCalcom()
    await world.at('2027-02-01T00:00:00Z')
    expect(await slots(world, { start: '2027-01-10', end: '2027-01-11' })).toEqual({})
    const missing = await world.api(
      'GET',
      '/v2/slots?eventTypeSlug=10min&username=nobody&start=2027-02-10&end=2027-02-11',
    )
    expect(missing).toMatchObject({
      status: 404,
      body: { status: 'error', error: { code: 'NotFoundException' } },
    })
    expect((await world.api('GET', '/v2/slots?eventTypeId=999&start=2027-02-10&end=2027-02-11')).status).toBe(
      404,
    )
    expect((await world.api('GET', '/v2/slots?start=2027-02-10&end=2027-02-11')).status).toBe(400)
    expect(
      (await world.api('GET', '/v2/slots?eventTypeSlug=10min&username=amelia-hart&start=x&end=2027-02-11'))
        .status,
    ).toBe(400)
  })
})

describe('reservations', () => {
  test('block a start for five minutes for everybody else', async () => {
    const world = await startCalcom()
    await world.at('2027-02-10T10:00:00Z')
    const [type] = (await world.api('GET', '/v2/event-types?username=amelia-hart')).body.data
    const body = { eventTypeId: type.id, slotStart: '2027-02-10T11:00:00Z' }
    const first = await world.api('POST', '/v2/slots/reservations', body)
    expect(first).toMatchObject({
      status: 201,
      body: { data: { reservationDuration: 5, slotEnd: '2027-02-10T11:10:00.000Z' } },
    })
    expect((await world.api('POST', '/v2/slots/reservations', body)).status).toBe(422)
    expect((await world.book('2027-02-10T11:00:00Z', {})).status).toBe(201)
    expect((await world.api('POST', '/v2/slots/reservations', body)).status).toBe(422)
    const other = { ...body, slotStart: '2027-02-10T12:00:00Z' }
    await world.api('POST', '/v2/slots/reservations', other, { authorization: '' })
    expect((await world.book('2027-02-10T12:00:00Z')).status).toBe(400)
    await world.at('2027-02-10T10:06:00Z')
    expect((await world.book('2027-02-10T12:00:00Z')).status).toBe(201)
  })
  test('of another duration need a key, can be prolonged, and can be deleted', async () => {
    const world = await startCalcom()
    await world.at('2027-02-10T10:00:00Z')
    const [type] = (await world.api('GET', '/v2/event-types?username=amelia-hart')).body.data
    const body = { eventTypeId: type.id, slotStart: '2027-02-10T11:00:00Z', reservationDuration: 15 }
    expect((await world.api('POST', '/v2/slots/reservations', body, { authorization: '' })).status).toBe(401)
    const { reservationUid: uid } = (await world.api('POST', '/v2/slots/reservations', body)).body.data
    const longer = await world.api('PATCH', `/v2/slots/reservations/${uid}`, {
      ...body,
      reservationDuration: 30,
    })
    expect(longer.body.data.reservationUntil).toMatch(/^2027-02-10T10:30/)
    expect((await world.api('DELETE', `/v2/slots/reservations/${uid}`)).body).toEqual({ status: 'success' })
    expect((await world.api('GET', `/v2/slots/reservations/${uid}`)).body.data).toBe(null)
    expect((await world.api('DELETE', `/v2/slots/reservations/${uid}`)).status).toBe(404)
  })
})

describe.skipIf(!hasContracts)('shapes (needs CONTRACTS_DIR)', () => {
  test('reservation answers have the published shape', async () => {
    const world = await startCalcom()
    await world.at('2027-02-10T10:00:00Z')
    const shape = calcomShape()
    const [type] = (await world.api('GET', '/v2/event-types?username=amelia-hart')).body.data
    const made = await world.api('POST', '/v2/slots/reservations', {
      eventTypeId: type.id,
      slotStart: '2027-02-10T11:00:00Z',
    })
    expect(shape('ReserveSlotOutputResponse_2024_09_04', made.body)).toBe('')
    const { reservationUid: uid, reservationDuration } = made.body.data
    const read = await world.api('GET', `/v2/slots/reservations/${uid}`)
    expect(shape('ReserveSlotOutput_2024_09_04', { ...read.body.data, reservationDuration })).toBe('')
  })
})
