// What Cal.com's webhooks say of a booking. https://cal.com/docs/developing/guides/automation/webhooks
import { Temporal } from 'temporal-polyfill'
import type { SandboxContext } from '../core/provider.ts'
import type { Booking } from './booking.ts'
import { emit } from './hook.ts'

const bookerUrl = 'https://cal.com'
const offsetMinutes = (zone: string, at: string) =>
  Temporal.Instant.from(at).toZonedDateTimeISO(zone).offsetNanoseconds / 60_000_000_000
const withoutMs = (iso: string) => iso.replace('.000Z', 'Z')
const withOffset = (iso: string) => iso.replace('.000Z', '+00:00')
const language = (locale: string) => ({ locale })

function organizer(one: Booking) {
  const [host] = one.hosts
  return {
    id: host.id,
    name: host.name,
    email: host.email,
    username: host.username,
    usernameInOrg: host.username,
    timeZone: host.timeZone,
    language: language('en'),
    timeFormat: 'h:mma',
    utcOffset: offsetMinutes(host.timeZone, one.start),
  }
}

function attendees(one: Booking) {
  const people = one.attendees.map(({ name, email, timeZone, language: locale, phoneNumber }) => {
    const [firstName = '', ...rest] = name.split(' ')
    return {
      email,
      name,
      firstName,
      lastName: rest.join(' '),
      timeZone,
      phoneNumber: phoneNumber ?? null,
      language: language(locale),
      utcOffset: offsetMinutes(timeZone, one.start),
    }
  })
  const guests = one.guests.map((email) => ({
    email,
    name: '',
    firstName: '',
    lastName: '',
    timeZone: one.attendees[0].timeZone,
    phoneNumber: null,
    language: language('en'),
    utcOffset: offsetMinutes(one.attendees[0].timeZone, one.start),
  }))
  return [...people, ...guests]
}

function responses(one: Booking) {
  const [attendee] = one.attendees
  const field = (label: string, value?: unknown, isHidden = false) => ({
    label,
    ...(value === undefined ? {} : { value }),
    isHidden,
  })
  return {
    name: field('your_name', attendee.name),
    email: field('email_address', attendee.email),
    attendeePhoneNumber: field('phone_number', attendee.phoneNumber, true),
    location: field('location', { optionValue: '', value: one.locationType }),
    title: field('what_is_this_meeting_about', undefined, true),
    notes: field('additional_notes', one.bookingFieldsResponses['notes']),
    guests: field('additional_guests', one.guests),
    rescheduleReason: field('reason_for_reschedule', one.reschedulingReason),
  }
}

function payload(one: Booking) {
  return {
    bookerUrl,
    title: one.title,
    startTime: withoutMs(one.start),
    endTime: withoutMs(one.end),
    additionalNotes: String(one.bookingFieldsResponses['notes'] ?? ''),
    type: one.eventType.slug,
    description: one.description,
    eventTypeId: one.eventType.id,
    hideCalendarNotes: false,
    hideCalendarEventDetails: false,
    hideOrganizerEmail: false,
    schedulingType: null,
    seatsPerTimeSlot: null,
    seatsShowAttendees: true,
    seatsShowAvailabilityCount: true,
    customReplyToEmail: null,
    disableRescheduling: false,
    disableCancelling: false,
    organizer: organizer(one),
    attendees: attendees(one),
    customInputs: {},
    responses: responses(one),
    userFieldsResponses: {},
    location: one.locationType,
    destinationCalendar: null,
    iCalUID: one.icsUid,
    iCalSequence: one.icsSequence,
    requiresConfirmation: one.status === 'pending',
    oneTimePassword: one.status === 'pending' ? one.idempotencyKey : null,
    organizationId: null,
    hashedLink: null,
    uid: one.uid,
    eventTitle: one.title.split(' between ')[0],
    eventDescription: '',
    price: 0,
    currency: 'usd',
    length: one.duration,
    bookingId: one.id,
    metadata: one.metadata,
    status: one.status.toUpperCase(),
  }
}

/** What only a booking with its place arranged carries. */
function arranged(one: Booking) {
  return {
    conferenceData: { createRequest: { requestId: one.idempotencyKey } },
    videoCallData: { type: 'daily_video', id: one.uid, password: '', url: one.location },
    appsStatus: [{ appName: 'daily-video', type: 'daily_video', success: 1, failures: 0, errors: [] }],
    metadata: { ...one.metadata, videoCallUrl: one.location },
  }
}

function send(ctx: SandboxContext, trigger: string, one: Booking, said: Record<string, unknown>) {
  const createdAt = new Date(ctx.clock.now()).toISOString()
  emit(
    ctx,
    trigger,
    { uid: one.uid, eventTypeId: one.eventType.id },
    { triggerEvent: trigger, createdAt, payload: said },
  )
}

export const tellCreated = (ctx: SandboxContext, one: Booking) =>
  send(ctx, 'BOOKING_CREATED', one, { ...payload(one), ...arranged(one) })
export const tellRequested = (ctx: SandboxContext, one: Booking) =>
  send(ctx, 'BOOKING_REQUESTED', one, payload(one))

export const tellRejected = (ctx: SandboxContext, one: Booking) =>
  send(ctx, 'BOOKING_REJECTED', one, {
    ...payload(one),
    startTime: one.start,
    endTime: one.end,
    requiresConfirmation: true,
    rejectionReason: one.rejectionReason ?? '',
  })

export const tellRescheduled = (ctx: SandboxContext, one: Booking, before: Booking) =>
  send(ctx, 'BOOKING_RESCHEDULED', one, {
    ...payload(one),
    ...arranged(one),
    rescheduleId: before.id,
    rescheduleUid: before.uid,
    rescheduleStartTime: withoutMs(before.start),
    rescheduleEndTime: withoutMs(before.end),
    rescheduledBy: one.rescheduledByEmail ?? null,
  })

export const tellCancelled = (ctx: SandboxContext, one: Booking) =>
  send(ctx, 'BOOKING_CANCELLED', one, {
    ...payload(one),
    startTime: withOffset(one.start),
    endTime: withOffset(one.end),
    destinationCalendar: [],
    price: null,
    cancellationReason: one.cancellationReason ?? '',
    cancelledBy: one.cancelledByEmail ?? null,
    requestReschedule: false,
  })

export function tellNoShow(ctx: SandboxContext, one: Booking, marked: { email: string; absent: boolean }[]) {
  const list = (isAbsent: boolean) =>
    marked
      .filter((each) => each.absent === isAbsent)
      .map((each) => each.email)
      .join(', ')
  const message = [
    list(true) && `${list(true)} marked as no-show`,
    list(false) && `${list(false)} unmarked as no-show`,
  ]
    .filter(Boolean)
    .join(', ')
  send(ctx, 'BOOKING_NO_SHOW_UPDATED', one, {
    message,
    attendees: marked.map(({ email, absent }) => ({ email, noShow: absent })),
    bookingUid: one.uid,
    bookingId: one.id,
  })
}

/** MEETING_STARTED and MEETING_ENDED have no envelope, and `createdAt` is the booking's. */
export function tellMeeting(ctx: SandboxContext, trigger: 'MEETING_STARTED' | 'MEETING_ENDED', one: Booking) {
  const [host] = one.hosts
  emit(
    ctx,
    trigger,
    { uid: one.uid, eventTypeId: one.eventType.id },
    {
      triggerEvent: trigger,
      id: one.id,
      uid: one.uid,
      idempotencyKey: one.idempotencyKey,
      userId: host.id,
      userPrimaryEmail: host.email,
      eventTypeId: one.eventType.id,
      title: one.title,
      description: one.description,
      customInputs: {},
      responses: responses(one),
      startTime: one.start,
      endTime: one.end,
      location: one.locationType,
      createdAt: one.createdAt,
      updatedAt: one.updatedAt,
      status: one.status.toUpperCase(),
      paid: false,
      destinationCalendarId: null,
      cancellationReason: null,
      rejectionReason: null,
      reassignReason: null,
      reassignById: null,
      dynamicEventSlugRef: null,
      dynamicGroupSlugRef: null,
      rescheduled: null,
      fromReschedule: one.rescheduledFromUid ?? null,
      recurringEventId: null,
      smsReminderNumber: null,
      scheduledJobs: [],
      metadata: one.metadata,
      isRecorded: false,
      iCalUID: one.icsUid,
      iCalSequence: one.icsSequence,
      rating: null,
      ratingFeedback: null,
      noShowHost: one.absentHost,
      oneTimePassword: null,
      cancelledBy: null,
      rescheduledBy: one.rescheduledByEmail ?? null,
      creationSource: 'API_V2',
      user: { email: host.email, name: host.name, timeZone: host.timeZone, username: host.username },
      attendees: one.attendees.map(
        ({ id, email, name, timeZone, phoneNumber, language: locale, absent }) => ({
          id,
          email,
          name,
          timeZone,
          phoneNumber: phoneNumber ?? null,
          locale,
          bookingId: one.id,
          noShow: absent,
        }),
      ),
      payment: [],
      references: [],
      appsStatus: arranged(one).appsStatus,
    },
  )
}
