import { describe, expect, test } from 'vitest'
import { calcomShape, hasContracts } from './testing/contracts.ts'
import { startCalcom } from './testing/world.ts'

const now = '2027-02-10T10:00:00Z'

describe('booking', () => {
  test('answers 201 with the booking, works without a key, and keeps the metadata', async () => {
    const world = await startCalcom()
    await world.at(now)
    const made = await world.book('2027-02-10T11:00:00Z', { metadata: { booking: 'b1' } })
    expect(made).toMatchObject({
      status: 201,
      body: {
        status: 'success',
        data: {
          status: 'accepted',
          start: '2027-02-10T11:00:00.000Z',
          end: '2027-02-10T11:10:00.000Z',
          duration: 10,
          metadata: { booking: 'b1' },
          hosts: [{ username: 'amelia-hart', timeZone: 'Australia/Sydney' }],
          attendees: [{ email: 'sam@example.com', absent: false }],
        },
      },
    })
    expect(made.body.data.location).toBe(`https://app.cal.com/video/${made.body.data.uid}`)
    const read = await world.api('GET', `/v2/bookings/${made.body.data.uid}`, undefined, {
      authorization: '',
    })
    expect(read.body.data).toEqual(made.body.data)
  })
  test('of a taken time and of one outside the hours are refused with the same words', async () => {
    const world = await startCalcom()
    await world.at(now)
    const words = 'User either already has booking at this time or is not available'
    expect((await world.book('2027-02-10T11:00:00Z')).status).toBe(201)
    expect(await world.book('2027-02-10T11:05:00Z')).toMatchObject({
      status: 400,
      body: { error: { code: 'BadRequestException', message: words } },
    })
    // Night in Madrid.
    expect(await world.book('2027-02-11T02:00:00Z', { username: 'mateo-alvarez' })).toMatchObject({
      status: 400,
      body: { error: { message: words } },
    })
  })
  test('of the past and with a wrong body is refused', async () => {
    const world = await startCalcom()
    await world.at(now)
    expect((await world.book('2027-02-10T09:00:00Z')).body.error.message).toBe(
      'Attempting to book a meeting in the past.',
    )
    const person = { name: 'Sam', email: 'sam@example.com', timeZone: 'Europe/Berlin' }
    for (const body of [
      { start: 'tomorrow' },
      { attendee: undefined },
      { attendee: { ...person, timeZone: 'Mars/Base' } },
      { attendee: { ...person, email: undefined } },
      { metadata: { nested: { no: 'way' } } },
      { lengthInMinutes: 30 },
      { username: undefined },
    ])
      expect([body, (await world.book('2027-02-10T11:00:00Z', body)).status]).toEqual([body, 400])
    expect((await world.book('2027-02-10T11:00:00Z', { username: 'nobody' })).status).toBe(404)
    expect((await world.book('2027-02-10T11:00:00Z', { eventTypeSlug: '99min' })).status).toBe(404)
  })
  test('twice at once makes one booking', async () => {
    const world = await startCalcom()
    await world.at(now)
    const both = await Promise.all([world.book('2027-02-10T11:00:00Z'), world.book('2027-02-10T11:00:00Z')])
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 400])
  })
})

describe('moving and cancelling', () => {
  test('a move makes a new uid; the old booking is cancelled, names it, and frees its time', async () => {
    const world = await startCalcom()
    await world.at(now)
    const { uid } = (await world.book('2027-02-10T11:00:00Z', { metadata: { booking: 'b1' } })).body.data
    const moved = await world.api('POST', `/v2/bookings/${uid}/reschedule`, {
      start: '2027-02-10T11:10:00Z',
      reschedulingReason: 'late',
    })
    expect(moved).toMatchObject({
      status: 201,
      body: { data: { rescheduledFromUid: uid, status: 'accepted', metadata: { booking: 'b1' } } },
    })
    expect(moved.body.data.uid).not.toBe(uid)
    const old = await world.api('GET', `/v2/bookings/${uid}`)
    expect(old.body.data).toMatchObject({ status: 'cancelled', rescheduledToUid: moved.body.data.uid })
    expect((await world.book('2027-02-10T11:00:00Z')).status).toBe(201)
    expect(
      (await world.api('POST', `/v2/bookings/${uid}/reschedule`, { start: '2027-02-10T12:00:00Z' })).status,
    ).toBe(400)
    expect((await world.api('POST', `/v2/bookings/${uid}/cancel`, {})).body.error.message).toBe(
      'This booking has already been cancelled',
    )
  })
  test('a move to a taken time changes nothing; a move may overlap its own old time', async () => {
    const world = await startCalcom()
    await world.at(now)
    const { uid } = (await world.book('2027-02-10T11:00:00Z')).body.data
    await world.book('2027-02-10T11:30:00Z')
    expect(
      (await world.api('POST', `/v2/bookings/${uid}/reschedule`, { start: '2027-02-10T11:30:00Z' })).status,
    ).toBe(400)
    expect((await world.api('GET', `/v2/bookings/${uid}`)).body.data.status).toBe('accepted')
    expect(
      (await world.api('POST', `/v2/bookings/${uid}/reschedule`, { start: '2027-02-10T11:05:00Z' })).status,
    ).toBe(201)
  })
  test('a second cancellation and one after the end are refused', async () => {
    const world = await startCalcom()
    await world.at(now)
    const { uid } = (await world.book('2027-02-10T11:00:00Z')).body.data
    const past = (await world.book('2027-02-10T10:10:00Z')).body.data.uid
    const gone = await world.api('POST', `/v2/bookings/${uid}/cancel`, { cancellationReason: 'ill' })
    expect(gone).toMatchObject({
      status: 200,
      body: { data: { status: 'cancelled', cancellationReason: 'ill' } },
    })
    expect(await world.api('POST', `/v2/bookings/${uid}/cancel`, {})).toMatchObject({
      status: 400,
      body: { error: { message: 'This booking has already been cancelled' } },
    })
    expect((await world.api('POST', '/v2/bookings/none/cancel', {})).status).toBe(404)
    await world.at('2027-02-10T10:30:00Z')
    expect((await world.api('POST', `/v2/bookings/${past}/cancel`, {})).status).toBe(400)
  })
  test('nobody can be marked absent before the start', async () => {
    const world = await startCalcom()
    await world.at(now)
    const { uid } = (await world.book('2027-02-10T10:10:00Z')).body.data
    const body = { host: true, attendees: [{ email: 'sam@example.com', absent: true }] }
    expect((await world.api('POST', `/v2/bookings/${uid}/mark-absent`, body)).status).toBe(400)
    await world.at('2027-02-10T10:11:00Z')
    expect((await world.api('POST', `/v2/bookings/${uid}/mark-absent`, body)).body.data).toMatchObject({
      absentHost: true,
      attendees: [{ absent: true }],
    })
  })
  test('the host confirms or declines bookings of an event type that needs it', async () => {
    const world = await startCalcom()
    await world.at(now)
    const [type] = (await world.api('GET', '/v2/event-types?username=amelia-hart')).body.data
    await world.api('PATCH', `/v2/event-types/${type.id}`, {
      confirmationPolicy: { type: 'always', blockUnconfirmedBookingsInBooker: false },
    })
    const one = (await world.book('2027-02-10T11:00:00Z')).body.data
    const other = (await world.book('2027-02-10T12:00:00Z')).body.data
    expect([one.status, other.status]).toEqual(['pending', 'pending'])
    expect((await world.api('POST', `/v2/bookings/${one.uid}/confirm`)).body.data.status).toBe('accepted')
    expect(
      (await world.api('POST', `/v2/bookings/${other.uid}/decline`, { reason: 'no' })).body.data.status,
    ).toBe('rejected')
    expect(
      (await world.api('POST', `/v2/bookings/${one.uid}/confirm`, undefined, { authorization: '' })).status,
    ).toBe(401)
    expect((await world.book('2027-02-10T12:00:00Z')).status).toBe(201)
  })
})

describe('lists', () => {
  test('filter by attendee, event type, time and status, in pages', async () => {
    const world = await startCalcom()
    await world.at(now)
    const attendee = { name: 'Kim', email: 'kim@example.com', timeZone: 'UTC' }
    const first = (await world.book('2027-02-10T11:00:00Z')).body.data
    const second = (await world.book('2027-02-10T12:00:00Z', { attendee })).body.data
    await world.book('2027-02-11T12:00:00Z')
    await world.api('POST', `/v2/bookings/${first.uid}/cancel`, {})
    const uids = async (query: string) =>
      (await world.api('GET', `/v2/bookings?${query}`)).body.data.map((one: { uid: string }) => one.uid)
    expect(await uids('attendeeEmail=kim@example.com')).toEqual([second.uid])
    expect(await uids('status=cancelled')).toEqual([first.uid])
    expect(await uids('afterStart=2027-02-10T11:30:00Z&beforeEnd=2027-02-10T13:00:00Z')).toEqual([second.uid])
    expect(await uids(`eventTypeId=${first.eventTypeId}`)).toHaveLength(3)
    expect(await uids('eventTypeIds=998,999')).toEqual([])
    const page = await world.api('GET', '/v2/bookings?take=1&skip=1&sortStart=desc')
    expect(page.body.data[0].uid).toBe(second.uid)
    expect(page.body.pagination).toMatchObject({
      totalItems: 3,
      returnedItems: 1,
      currentPage: 2,
      hasNextPage: true,
      hasPreviousPage: true,
    })
    expect((await world.api('GET', '/v2/bookings', undefined, { authorization: '' })).status).toBe(403)
  })
})

describe.skipIf(!hasContracts)('shapes (needs CONTRACTS_DIR)', () => {
  test('every booking answer has the published shape', async () => {
    const world = await startCalcom()
    await world.at(now)
    const shape = calcomShape()
    const made = await world.book('2027-02-10T11:00:00Z', {
      guests: ['a@example.com'],
      location: { type: 'attendeeDefined', location: 'Here' },
    })
    const { uid } = made.body.data
    const check = (name: string, body: { data: unknown }) => {
      expect([name, shape(`${name}_2024_08_13`, body)]).toEqual([name, ''])
      expect(shape('BookingOutput_2024_08_13', body.data)).toBe('')
    }
    check('CreateBookingOutput', made.body)
    check('GetBookingOutput', (await world.api('GET', `/v2/bookings/${uid}`)).body)
    const moved = await world.api('POST', `/v2/bookings/${uid}/reschedule`, { start: '2027-02-10T12:00:00Z' })
    check('RescheduleBookingOutput', moved.body)
    check('GetBookingOutput', (await world.api('GET', `/v2/bookings/${uid}`)).body)
    check(
      'UpdateBookingLocationOutput',
      (
        await world.api('PATCH', `/v2/bookings/${moved.body.data.uid}/location`, {
          location: { type: 'link', link: 'https://example.com' },
        })
      ).body,
    )
    expect(shape('GetBookingsOutput_2024_08_13', (await world.api('GET', '/v2/bookings')).body)).toBe('')
    await world.at('2027-02-10T12:01:00Z')
    check(
      'MarkAbsentBookingOutput',
      (await world.api('POST', `/v2/bookings/${moved.body.data.uid}/mark-absent`, { host: true })).body,
    )
    check(
      'CancelBookingOutput',
      (await world.api('POST', `/v2/bookings/${moved.body.data.uid}/cancel`, {})).body,
    )
  })
})
