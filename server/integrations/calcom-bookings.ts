// Bookings at Cal.com. They have no idempotency key, so findCalBooking looks up what an unanswered booking
// may have done.
import { z } from 'zod'
import { ProviderError } from '../lib/errors.ts'
import { now } from '../lib/time.ts'
import { type CalAccount, callCalcom, type CalcomClient, ownerOf, parseCalcom } from './calcom.ts'

const people = z
  .array(z.object({ email: z.string().nullish(), displayEmail: z.string().nullish() }))
  .nullish()

const bookingShape = z.object({
  uid: z.string().min(1),
  status: z.string(),
  start: z.string(),
  end: z.string(),
  rescheduledToUid: z.string().nullish(),
  updatedAt: z.string().nullish(),
  location: z.string().nullish(),
  cancelledByEmail: z.string().nullish(),
  rescheduledByEmail: z.string().nullish(),
  hosts: people,
  attendees: people,
  metadata: z.record(z.string(), z.unknown()).nullish(),
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
  /** Where the two meet, as the calendar and Cal.com's e-mails show it. */
  location: string | null
  /** Who cancelled or moved it inside Cal.com; `unknown` where Cal.com does not say, or names a stranger. */
  changedBy: CalActor
}

export type CalActor = 'host' | 'member' | 'unknown'

function toCalBooking(shape: z.infer<typeof bookingShape>): CalBooking {
  const status = shape.status.toLowerCase()
  return {
    uid: shape.uid,
    isPending: status === 'pending',
    isCancelled: status === 'cancelled' || status === 'rejected',
    start: new Date(shape.start),
    end: new Date(shape.end),
    rescheduledToUid: shape.rescheduledToUid ?? null,
    location: shape.location ?? null,
    changedBy: actorOf(shape),
  }
}

/** The uid lets anybody cancel and move, so only a name that Cal.com gives counts. */
function actorOf(shape: z.infer<typeof bookingShape>): CalActor {
  const email = (shape.cancelledByEmail || shape.rescheduledByEmail)?.toLowerCase()
  const isOneOf = (list: z.infer<typeof people>) =>
    list?.some((one) => [one.email, one.displayEmail].some((own) => own?.toLowerCase() === email)) ?? false
  if (!email) return 'unknown'
  const isHost = isOneOf(shape.hosts)
  // Somebody who is both says nothing about who acted.
  if (isHost === isOneOf(shape.attendees)) return 'unknown'
  return isHost ? 'host' : 'member'
}

/** The page of one Cal.com booking. The uid is a capability: show it only to the people concerned. */
export function calBookingUrl(uid: string): string {
  return `https://app.cal.com/booking/${uid}`
}

/** How Cal.com words that a time is gone. A 400 or 404 has many other reasons, which are about the event type. */
const takenWords =
  /not available|already (has )?book|already reserved|can't be booked at the "start" time|in the past/i

/** Whether Cal.com refused a time, and not the event type or the request. */
export function isTimeTaken(error: ProviderError): boolean {
  return error.status === 409 || (error.status === 400 && takenWords.test(error.message))
}

export type NewCalBooking = {
  account: CalAccount
  bookingId: string
  attempt: number
  start: Date
  attendee: { name: string; email: string; timeZone: string; language: string }
  /** Our session page. Without it Cal.com makes a room of its own, and people would meet in two places. */
  meetingUrl: string
}

/** Books a time. Throws a ProviderError with status 400 and not ambiguous where the time is not free. */
export async function createCalBooking(calcom: CalcomClient, booking: NewCalBooking): Promise<CalBooking> {
  const answer = await callCalcom(calcom, 'bookings', 'POST', '/bookings', {
    start: booking.start.toISOString(),
    eventTypeSlug: booking.account.eventSlug,
    ...ownerOf(booking.account),
    attendee: {
      name: booking.attendee.name,
      email: booking.attendee.email,
      timeZone: booking.attendee.timeZone,
      language: booking.attendee.language,
    },
    meetingUrl: booking.meetingUrl,
    metadata: { presenceBookingId: booking.bookingId, presenceAttempt: String(booking.attempt) },
  })
  return toCalBooking(parseCalcom(bookingAnswer, answer, true).data)
}

/** The live Cal.com booking with our booking's id and attempt, if an earlier try made one. */
export async function findCalBooking(
  calcom: CalcomClient,
  booking: Omit<NewCalBooking, 'attendee' | 'meetingUrl'> & { attendeeEmail: string },
): Promise<CalBooking | undefined> {
  const minute = 60_000
  const query = new URLSearchParams({
    attendeeEmail: booking.attendeeEmail,
    afterStart: new Date(booking.start.getTime() - minute).toISOString(),
    beforeEnd: new Date(booking.start.getTime() + 24 * 60 * minute).toISOString(),
    take: '100',
  })
  const answer = await callCalcom(calcom, 'bookings', 'GET', `/bookings?${query}`)
  const found = parseCalcom(bookingList, answer, false).data.find(
    ({ metadata, status }) =>
      status.toLowerCase() !== 'cancelled' &&
      metadata?.['presenceBookingId'] === booking.bookingId &&
      metadata['presenceAttempt'] === String(booking.attempt),
  )
  return found ? toCalBooking(found) : undefined
}

/** Moves a Cal.com booking. The answer has a new uid; the old one turns cancelled with `rescheduledToUid`. */
export async function moveCalBooking(calcom: CalcomClient, uid: string, start: Date): Promise<CalBooking> {
  const answer = await callCalcom(
    calcom,
    'bookings',
    'POST',
    `/bookings/${encodeURIComponent(uid)}/reschedule`,
    {
      start: start.toISOString(),
      reschedulingReason: 'Moved in Presence',
    },
  )
  return toCalBooking(parseCalcom(bookingAnswer, answer, true).data)
}

/** Sets where the two meet. Only the key of the calendar's owner may. */
export async function setCalLocation(calcom: CalcomClient, uid: string, link: string): Promise<void> {
  await callCalcom(calcom, 'bookings', 'PATCH', `/bookings/${encodeURIComponent(uid)}/location`, {
    location: { type: 'link', link },
  })
}

export async function fetchCalBooking(calcom: CalcomClient, uid: string): Promise<CalBooking | undefined> {
  try {
    const answer = await callCalcom(calcom, 'bookings', 'GET', `/bookings/${encodeURIComponent(uid)}`)
    return toCalBooking(parseCalcom(bookingAnswer, answer, false).data)
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined
    throw error
  }
}

/** What Cal.com answers at most at once. */
const pageSize = 250

/**
 * Every Cal.com booking that changed since a moment in any of our calendars, in the order of its changes.
 * Each page begins at the last change of the one before: a booking that changes meanwhile moves to the end,
 * and no other is left out, however many do.
 */
export async function listChangedCalBookings(calcom: CalcomClient, since: Date): Promise<CalBooking[]> {
  const found = new Map<string, CalBooking>()
  let after = since
  for (let skip = 0; ;) {
    const query = new URLSearchParams({
      afterUpdatedAt: after.toISOString(),
      sortUpdatedAt: 'asc',
      take: String(pageSize),
      skip: String(skip),
    })
    const answer = await callCalcom(calcom, 'bookings', 'GET', `/bookings?${query}`)
    const page = parseCalcom(bookingList, answer, false).data
    for (const booking of page) {
      found.delete(booking.uid)
      found.set(booking.uid, toCalBooking(booking))
    }
    if (page.length < pageSize) return [...found.values()]
    // A millisecond earlier, whether or not Cal.com counts the moment itself. A whole page of one moment is
    // skipped.
    const next = new Date(Date.parse(page.at(-1)!.updatedAt ?? '') - 1)
    skip = next > after ? 0 : skip + pageSize
    if (next > after) after = next
  }
}

/** Marks who did not come. Cal.com accepts it only after the start. */
export async function markCalAbsent(
  calcom: CalcomClient,
  uid: string,
  absent: { host: true } | { attendeeEmail: string },
): Promise<void> {
  const body =
    'host' in absent ? { host: true } : { attendees: [{ email: absent.attendeeEmail, absent: true }] }
  await callCalcom(calcom, 'bookings', 'POST', `/bookings/${encodeURIComponent(uid)}/mark-absent`, body)
}

/**
 * Cancels a Cal.com booking, and the one it was moved to. One that is cancelled or over already counts as
 * done: Cal.com does not cancel it again, and its time blocks nobody.
 */
export async function cancelCalBooking(calcom: CalcomClient, uid: string, reason: string): Promise<void> {
  try {
    await callCalcom(calcom, 'bookings', 'POST', `/bookings/${encodeURIComponent(uid)}/cancel`, {
      cancellationReason: reason,
    })
  } catch (error) {
    if (!(error instanceof ProviderError) || error.ambiguous) throw error
    const found = await fetchCalBooking(calcom, uid)
    if (found && !found.isCancelled && found.end > now()) throw error
    if (found?.rescheduledToUid) await cancelCalBooking(calcom, found.rescheduledToUid, reason)
  }
}
