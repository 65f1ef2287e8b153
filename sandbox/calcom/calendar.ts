// When an account is busy: with bookings, with other engagements, and briefly with reservations.
import { dayMs, minuteMs } from '../core/durations.ts'
import type { SandboxContext } from '../core/provider.ts'
import { accountOf, scheduleFor } from './account.ts'
import type { EventType } from './account.ts'
import { covers, openSpans, starts, without } from './hours.ts'
import type { Span } from './hours.ts'

/** One document per account with its coming spans, so that a search for slots reads little. */
type BusySpan = Span & { uid: string }
const kind = 'calcom.calendar'
const keptAfterEndMs = 2 * dayMs

const busySpans = (ctx: SandboxContext, accountId: number) =>
  ctx.store.get<BusySpan[]>(kind, String(accountId)) ?? []

export function block(ctx: SandboxContext, accountId: number, uid: string, span: Span) {
  const ahead = busySpans(ctx, accountId).filter(
    (one) => one.endMs > ctx.clock.now() - keptAfterEndMs && one.uid !== uid,
  )
  ctx.store.put(kind, String(accountId), [...ahead, { uid, startMs: span.startMs, endMs: span.endMs }])
}

export function unblock(ctx: SandboxContext, accountId: number, uid: string) {
  ctx.store.put(
    kind,
    String(accountId),
    busySpans(ctx, accountId).filter((one) => one.uid !== uid),
  )
}

export type Reservation = Span & {
  uid: string
  eventTypeId: number
  accountId: number
  durationMinutes: number
  untilMs: number
  /** Made with the API key, which may then book it. */
  byKey: boolean
}

const reservationKind = 'calcom.reservation'

export const reservation = (ctx: SandboxContext, uid: string) =>
  ctx.store.get<Reservation>(reservationKind, uid)

export function keepReservation(ctx: SandboxContext, one: Reservation) {
  for (const old of ctx.store.list<Reservation>(reservationKind)) {
    if (old.untilMs <= ctx.clock.now()) ctx.store.delete(reservationKind, old.uid)
  }
  ctx.store.put(reservationKind, one.uid, one)
  ctx.changed('calcom.reservation')
}

export const dropReservation = (ctx: SandboxContext, uid: string) => ctx.store.delete(reservationKind, uid)

export function liveReservations(ctx: SandboxContext, accountId: number): Reservation[] {
  return ctx.store
    .list<Reservation>(reservationKind)
    .filter((one) => one.accountId === accountId && one.untilMs > ctx.clock.now())
}

export const overlaps = (a: Span, b: Span) => a.startMs < b.endMs && b.startMs < a.endMs

/** Bookings of the event type's owner that overlap the span. */
export const bookedOver = (ctx: SandboxContext, accountId: number, span: Span) =>
  busySpans(ctx, accountId).some((one) => overlaps(one, span))

export type Exclusions = {
  /** Ignores this booking, which is about to move. */
  uid?: string | undefined
  /** Ignores reservations made with the API key. */
  ownReservations?: boolean
}

function freeSpans(ctx: SandboxContext, type: EventType, span: Span, except: Exclusions): Span[] {
  const schedule = scheduleFor(ctx, type)
  if (!schedule) return []
  const busy: Span[] = busySpans(ctx, type.ownerId)
    .filter((one) => one.uid !== except.uid)
    .map((one) => ({
      startMs: one.startMs - type.afterEventBuffer * minuteMs,
      endMs: one.endMs + type.beforeEventBuffer * minuteMs,
    }))
  const reserved = liveReservations(ctx, type.ownerId).filter((one) => !(except.ownReservations && one.byKey))
  return without(openSpans(schedule, span.startMs, span.endMs), [...busy, ...reserved])
}

/** The bookable starts between two moments. */
export function freeStarts(
  ctx: SandboxContext,
  type: EventType,
  span: Span,
  lengthMinutes: number,
  except: Exclusions = {},
): number[] {
  const zone = scheduleFor(ctx, type)?.timeZone ?? accountOf(ctx, type.ownerId)?.timeZone ?? 'UTC'
  const earliestMs = Math.max(span.startMs, ctx.clock.now() + type.minimumBookingNotice * minuteMs)
  const wide = { startMs: span.startMs, endMs: span.endMs + lengthMinutes * minuteMs }
  return starts(
    freeSpans(ctx, type, wide, except),
    lengthMinutes,
    type.slotInterval ?? lengthMinutes,
    zone,
    earliestMs,
    span.endMs,
  )
}

/** Says whether exactly this time can be booked, on the grid or not. */
export function isFree(ctx: SandboxContext, type: EventType, span: Span, except: Exclusions): boolean {
  return covers(freeSpans(ctx, type, span, except), span.startMs, span.endMs)
}
