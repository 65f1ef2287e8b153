// Tells the webhooks what happened to a booking. Runs inside the caller's transaction.
import type { SandboxContext } from '../core/provider.ts'
import type { Booking } from './booking.ts'
import { arranged, payload, withOffset, withoutMs } from './hook-payload.ts'
import { emit } from './hook.ts'
import { meetingPayload, type MeetingTrigger } from './meeting-payload.ts'

function send(ctx: SandboxContext, trigger: string, one: Booking, said: Record<string, unknown>) {
  const createdAt = new Date(ctx.clock.now()).toISOString()
  emit(
    ctx,
    trigger,
    { uid: one.uid, eventTypeId: one.eventType.id, ownerId: one.hosts[0].id },
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

export const tellMeeting = (ctx: SandboxContext, trigger: MeetingTrigger, one: Booking) =>
  emit(
    ctx,
    trigger,
    { uid: one.uid, eventTypeId: one.eventType.id, ownerId: one.hosts[0].id },
    meetingPayload(trigger, one),
  )
