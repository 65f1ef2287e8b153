// Cal.com's API v2 in our words (https://cal.com/docs/api-reference/v2). Each controller has its own cal-api-version;
// bookings have no idempotency key, so findCalBooking looks up what an unanswered booking may have done.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { ProviderError } from '../lib/errors.ts'
import { type HttpAnswer, requestJson, statusIsAmbiguous } from './provider-error.ts'

export type CalcomClient = Config['calcom']
export type CalAccount = { username: string; eventSlug: string }

const versions = { slots: '2024-09-04', bookings: '2024-08-13' } as const

const failure = z.object({ error: z.object({ code: z.string().optional(), message: z.string().optional() }) })

async function call(
  calcom: CalcomClient,
  version: keyof typeof versions,
  method: string,
  path: string,
  body?: unknown,
): Promise<HttpAnswer> {
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
  throw new ProviderError('calcom', 'an answer of an unknown shape', { ambiguous: mayHaveActed, status: answer.status, cause: parsed.error })
}

const slotsAnswer = z.object({ data: z.record(z.string(), z.array(z.object({ start: z.string() }))) })

/** The host's free starts between two moments. Without slots Cal.com answers an empty object. */
export async function fetchCalSlots(calcom: CalcomClient, account: CalAccount, from: Date, to: Date): Promise<Date[]> {
  const query = new URLSearchParams({
    username: account.username,
    eventTypeSlug: account.eventSlug,
    start: from.toISOString(),
    end: to.toISOString(),
    timeZone: 'UTC',
  })
  const answer = await call(calcom, 'slots', 'GET', `/slots?${query}`)
  const days = parse(slotsAnswer, answer, false).data
  return Object.values(days).flat().map((slot) => new Date(slot.start)).sort((a, b) => a.getTime() - b.getTime())
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

export type CalBooking = { uid: string; isAccepted: boolean; isCancelled: boolean; start: Date; end: Date; rescheduledToUid: string | null }

function toCalBooking(shape: z.infer<typeof bookingShape>): CalBooking {
  const status = shape.status.toLowerCase()
  return {
    uid: shape.uid,
    isAccepted: status === 'accepted' || status === 'pending',
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
    attendee: { name: booking.attendee.name, email: booking.attendee.email, timeZone: booking.attendee.timeZone },
    metadata: { presenceBookingId: booking.bookingId, presenceAttempt: String(booking.attempt) },
  })
  return toCalBooking(parse(bookingAnswer, answer, true).data)
}

/** The live Cal.com booking that carries our booking's id and attempt, if an earlier try made one. */
export async function findCalBooking(calcom: CalcomClient, booking: NewCalBooking): Promise<CalBooking | undefined> {
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

/** Cancels; one that is cancelled already counts as done, since that is what was wanted. */
export async function cancelCalBooking(calcom: CalcomClient, uid: string, reason: string): Promise<void> {
  try {
    await call(calcom, 'bookings', 'POST', `/bookings/${encodeURIComponent(uid)}/cancel`, { cancellationReason: reason })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.ambiguous) throw error
    const now = await fetchCalBooking(calcom, uid)
    if (now && !now.isCancelled) throw error
  }
}

/** x-cal-signature-256: hex HMAC-SHA256 of the raw body. There is no time stamp and no event id. */
export function isCalcomSignatureValid(calcom: CalcomClient, signature: string | undefined, rawBody: string): boolean {
  if (!signature) return false
  const expected = Buffer.from(createHmac('sha256', calcom.webhookSecret).update(rawBody).digest('hex'))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
