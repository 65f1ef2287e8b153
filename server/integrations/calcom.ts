// Cal.com's API v2 in our words (https://cal.com/docs/api-reference/v2). Each controller has its own
// cal-api-version; bookings have no idempotency key, so findCalBooking looks up what an unanswered booking
// may have done.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { ProviderError } from '../lib/errors.ts'
import { now } from '../lib/time.ts'
import { type HttpAnswer, requestJson, statusIsAmbiguous } from './provider-error.ts'

export type CalcomClient = Config['calcom'] & {
  /**
   * Asked before every call, since Cal.com refuses more than 120 a minute; false: do not call. Reads give way
   * to acts.
   */
  allowCall?: (kind: 'read' | 'act') => Promise<boolean>
}
export type CalAccount = { username: string; eventSlug: string }

const versions = { slots: '2024-09-04', bookings: '2024-08-13', eventTypes: '2024-06-14' } as const

/** Of Cal.com's 120 calls a minute: what may be read for visitors, and what all calls together may take. */
export const callsPerMinute = { read: 70, act: 110 } as const

const failure = z.object({ error: z.object({ code: z.string().optional(), message: z.string().optional() }) })

async function call(
  calcom: CalcomClient,
  version: keyof typeof versions,
  method: string,
  path: string,
  body?: unknown,
): Promise<HttpAnswer> {
  if (calcom.allowCall && !(await calcom.allowCall(version === 'bookings' ? 'act' : 'read'))) {
    throw new ProviderError('calcom', 'too many calls this minute', {
      ambiguous: false,
      status: 429,
      code: 'own_limit',
    })
  }
  const answer = await requestJson('calcom', `${calcom.apiUrl}/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${calcom.apiKey}`, 'cal-api-version': versions[version] },
    body,
  })
  if (answer.status < 400) return answer
  const said = failure.safeParse(answer.body)
  throw new ProviderError('calcom', said.data?.error.message ?? `status ${answer.status}`, {
    ambiguous: method !== 'GET' && statusIsAmbiguous(answer.status),
    status: answer.status,
    code: said.data?.error.code,
  })
}

function parse<Output>(schema: z.ZodType<Output>, answer: HttpAnswer, mayHaveActed: boolean): Output {
  const parsed = schema.safeParse(answer.body)
  if (parsed.success) return parsed.data
  throw new ProviderError('calcom', 'an answer of an unknown shape', {
    ambiguous: mayHaveActed,
    status: answer.status,
    cause: parsed.error,
  })
}

const slotsAnswer = z.object({ data: z.record(z.string(), z.array(z.object({ start: z.string() }))) })

/**
 * The host's free starts between two moments. Without slots Cal.com answers an empty object. `movingUid` is a
 * Cal.com booking that is about to move, and so does not stand in its own way.
 */
export async function fetchCalSlots(
  calcom: CalcomClient,
  account: CalAccount,
  from: Date,
  to: Date,
  movingUid?: string,
): Promise<Date[]> {
  const query = new URLSearchParams({
    username: account.username,
    eventTypeSlug: account.eventSlug,
    start: from.toISOString(),
    end: to.toISOString(),
    timeZone: 'UTC',
    ...(movingUid ? { bookingUidToReschedule: movingUid } : {}),
  })
  const answer = await call(calcom, 'slots', 'GET', `/slots?${query}`)
  const days = parse(slotsAnswer, answer, false).data
  return Object.values(days)
    .flat()
    .map((slot) => new Date(slot.start))
    .sort((a, b) => a.getTime() - b.getTime())
}

const eventTypesAnswer = z.object({ data: z.array(z.object({ id: z.int(), slug: z.string() })) })

/** The number under which Cal.com keeps the host's event type; reservations want it. */
export async function fetchCalEventType(
  calcom: CalcomClient,
  account: CalAccount,
): Promise<number | undefined> {
  const query = new URLSearchParams({ username: account.username, eventSlug: account.eventSlug })
  const answer = await call(calcom, 'eventTypes', 'GET', `/event-types?${query}`)
  return parse(eventTypesAnswer, answer, false).data.find(({ slug }) => slug === account.eventSlug)?.id
}

const reservationAnswer = z.object({ data: z.object({ reservationUid: z.string().min(1) }) })

/** Keeps a start for us. Throws a ProviderError with status 422 where somebody else has it. */
export async function reserveCalSlot(
  calcom: CalcomClient,
  slot: { eventTypeId: number; start: Date; minutes: number },
): Promise<string> {
  const answer = await call(calcom, 'slots', 'POST', '/slots/reservations', {
    eventTypeId: slot.eventTypeId,
    slotStart: slot.start.toISOString(),
    reservationDuration: slot.minutes,
  })
  return parse(reservationAnswer, answer, true).data.reservationUid
}

/** Gives a reserved start back; one that has ended already is as good. */
export async function releaseCalSlot(calcom: CalcomClient, reservationUid: string): Promise<void> {
  try {
    await call(calcom, 'slots', 'DELETE', `/slots/reservations/${encodeURIComponent(reservationUid)}`)
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return
    throw error
  }
}

const bookingShape = z.object({
  uid: z.string().min(1),
  status: z.string(),
  start: z.string(),
  end: z.string(),
  rescheduledToUid: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  hosts: z.array(z.object({ username: z.string().nullish() })).nullish(),
})
const bookingAnswer = z.object({ data: bookingShape })
const bookingList = z.object({ data: z.array(bookingShape) })

export type CalBooking = {
  uid: string
  /** The host has yet to accept it: their event type asks for that. */
  isPending: boolean
  isCancelled: boolean
  start: Date
  end: Date
  rescheduledToUid: string | null
}

function toCalBooking(shape: z.infer<typeof bookingShape>): CalBooking {
  const status = shape.status.toLowerCase()
  return {
    uid: shape.uid,
    isPending: status === 'pending',
    isCancelled: status === 'cancelled' || status === 'rejected',
    start: new Date(shape.start),
    end: new Date(shape.end),
    rescheduledToUid: shape.rescheduledToUid ?? null,
  }
}

/** The page of one Cal.com booking. The uid is a capability: show it only to the people concerned. */
export function calBookingUrl(uid: string): string {
  return `https://app.cal.com/booking/${uid}`
}

export type NewCalBooking = {
  account: CalAccount
  bookingId: string
  attempt: number
  start: Date
  attendee: { name: string; email: string; timeZone: string; mobileNumber: string }
}

/** Books a time. Throws a ProviderError with status 400 and not ambiguous where the time is not free. */
export async function createCalBooking(calcom: CalcomClient, booking: NewCalBooking): Promise<CalBooking> {
  const answer = await call(calcom, 'bookings', 'POST', '/bookings', {
    start: booking.start.toISOString(),
    eventTypeSlug: booking.account.eventSlug,
    username: booking.account.username,
    attendee: {
      name: booking.attendee.name,
      email: booking.attendee.email,
      timeZone: booking.attendee.timeZone,
    },
    metadata: { presenceBookingId: booking.bookingId, presenceAttempt: String(booking.attempt) },
  })
  return toCalBooking(parse(bookingAnswer, answer, true).data)
}

/** The live Cal.com booking that carries our booking's id and attempt, if an earlier try made one. */
export async function findCalBooking(
  calcom: CalcomClient,
  booking: NewCalBooking,
): Promise<CalBooking | undefined> {
  const minute = 60_000
  const query = new URLSearchParams({
    attendeeEmail: booking.attendee.email,
    afterStart: new Date(booking.start.getTime() - minute).toISOString(),
    beforeEnd: new Date(booking.start.getTime() + 24 * 60 * minute).toISOString(),
    take: '100',
  })
  const answer = await call(calcom, 'bookings', 'GET', `/bookings?${query}`)
  const found = parse(bookingList, answer, false).data.find(
    ({ metadata, status }) =>
      status.toLowerCase() !== 'cancelled' &&
      metadata?.['presenceBookingId'] === booking.bookingId &&
      metadata['presenceAttempt'] === String(booking.attempt),
  )
  return found ? toCalBooking(found) : undefined
}

/** Moves a Cal.com booking. The answer has a new uid; the old one turns cancelled with `rescheduledToUid`. */
export async function moveCalBooking(calcom: CalcomClient, uid: string, start: Date): Promise<CalBooking> {
  const answer = await call(calcom, 'bookings', 'POST', `/bookings/${encodeURIComponent(uid)}/reschedule`, {
    start: start.toISOString(),
    reschedulingReason: 'Moved in Presence',
  })
  return toCalBooking(parse(bookingAnswer, answer, true).data)
}

export async function fetchCalBooking(calcom: CalcomClient, uid: string): Promise<CalBooking | undefined> {
  try {
    const answer = await call(calcom, 'bookings', 'GET', `/bookings/${encodeURIComponent(uid)}`)
    return toCalBooking(parse(bookingAnswer, answer, false).data)
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined
    throw error
  }
}

/** What has changed in any calendar of ours since a moment: the uids, most recently changed first. */
export async function listChangedCalBookings(calcom: CalcomClient, since: Date): Promise<CalBooking[]> {
  const query = new URLSearchParams({
    afterUpdatedAt: since.toISOString(),
    sortUpdatedAt: 'desc',
    take: '250',
  })
  const answer = await call(calcom, 'bookings', 'GET', `/bookings?${query}`)
  return parse(bookingList, answer, false).data.map(toCalBooking)
}

/** Says who did not come. Cal.com takes it only after the start. */
export async function markCalAbsent(
  calcom: CalcomClient,
  uid: string,
  absent: { host: true } | { attendeeEmail: string },
): Promise<void> {
  const body =
    'host' in absent ? { host: true } : { attendees: [{ email: absent.attendeeEmail, absent: true }] }
  await call(calcom, 'bookings', 'POST', `/bookings/${encodeURIComponent(uid)}/mark-absent`, body)
}

/**
 * Cancels, and what it was moved to. One that is cancelled already counts as done, since that is what was
 * wanted; so does one that is over, which Cal.com cancels no more: its time is in nobody's way.
 */
export async function cancelCalBooking(calcom: CalcomClient, uid: string, reason: string): Promise<void> {
  try {
    await call(calcom, 'bookings', 'POST', `/bookings/${encodeURIComponent(uid)}/cancel`, {
      cancellationReason: reason,
    })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.ambiguous) throw error
    const found = await fetchCalBooking(calcom, uid)
    if (found && !found.isCancelled && found.end > now()) throw error
    if (found?.rescheduledToUid) await cancelCalBooking(calcom, found.rescheduledToUid, reason)
  }
}

/** x-cal-signature-256: hex HMAC-SHA256 of the raw body. There is no time stamp and no event id. */
export function isCalcomSignatureValid(
  calcom: CalcomClient,
  signature: string | undefined,
  rawBody: string,
): boolean {
  if (!signature) return false
  const expected = Buffer.from(createHmac('sha256', calcom.webhookSecret).update(rawBody).digest('hex'))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
