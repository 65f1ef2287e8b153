// What Cal.com's webhooks say when a meeting starts or ends.
import type { Booking } from './booking.ts'
import { arranged, responses } from './hook-payload.ts'

export type MeetingTrigger = 'MEETING_STARTED' | 'MEETING_ENDED'

/** The payload has no envelope, and `createdAt` is the booking's. */
export function meetingPayload(trigger: MeetingTrigger, one: Booking) {
  const [host] = one.hosts
  return {
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
    attendees: one.attendees.map(({ id, email, name, timeZone, phoneNumber, language: locale, absent }) => ({
      id,
      email,
      name,
      timeZone,
      phoneNumber: phoneNumber ?? null,
      locale,
      bookingId: one.id,
      noShow: absent,
    })),
    payment: [],
    references: [],
    appsStatus: arranged(one).appsStatus,
  }
}
