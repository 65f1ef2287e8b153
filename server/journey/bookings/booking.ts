// One booking's life in one table: state x event -> state and effects. Every verb goes through it.

export const bookingStates = ['pending', 'created', 'completed', 'cancelled', 'expired'] as const
export type BookingState = (typeof bookingStates)[number]

export const bookingEvents = [
  'scheduled', // a time was chosen
  'calendar_refused', // the host's calendar would not have it
  'moved', // to another time, in time
  'move_refused', // the host's calendar would not have the new time: back to the earlier one
  'cancelled_in_time', // by the member, early enough: the session is given back
  'cancelled_late', // by the member, too late: forfeited
  'host_cancelled', // the session is given back, with more time to use it
  'ended_by_us', // the two are kept apart: as if the host had cancelled, and said as what it is
  'held', // both were there
  'member_absent', // the host came, the member did not
  'host_absent', // the member came, the host did not
  'attendance_unknown', // no signal at all: an operator decides
  'ended_by_report', // one of the two ended it because something was wrong: an operator decides
  'decided_for_host', // by the operator: the host is paid
  'decided_for_member', // by the operator: the session is given back
  'refunded',
  'expired',
] as const
export type BookingEvent = (typeof bookingEvents)[number]

export const outcomes = ['held', 'member_no_show', 'host_no_show', 'late_cancellation', 'unknown'] as const
type Outcome = (typeof outcomes)[number]

/** How far the host's calendar is with the time of a booking. */
export const calendarStatuses = ['none', 'confirming', 'confirmed'] as const

/** Who gave a session back to its member: the host, who did not keep it, or we, who ended it. */
export const backGivers = ['host', 'presence'] as const

/** How far the refund of a booking is. */
export const refundProgresses = ['on_its_way', 'done', 'delayed'] as const
export type RefundProgress = (typeof refundProgresses)[number]

export type Effect =
  | 'book_calendar' // enter it in the host's calendar
  | 'release_calendar' // take it out again
  | 'plan_room' // room, reminders and the end, each at its time
  | 'close_room'
  | 'earn' // prepaid becomes the host's and ours
  | 'pay_host'
  | 'extend_validity'
  | 'mark_absent' // in the host's calendar
  | 'tell_moved'
  | 'tell_cancelled'
  | 'tell_ended'
  | 'tell_host_failed'
  | 'tell_thanks'
  | 'ask_operator'

export type Transition = { to: BookingState; outcome?: Outcome; effects: readonly Effect[] }

type Table = Record<BookingState, Partial<Record<BookingEvent, Transition>>>

const table: Table = {
  pending: {
    scheduled: { to: 'created', effects: ['book_calendar', 'plan_room'] },
    refunded: { to: 'cancelled', effects: [] },
    expired: { to: 'expired', effects: [] },
  },
  created: {
    calendar_refused: { to: 'pending', effects: [] },
    moved: { to: 'created', effects: ['close_room', 'book_calendar', 'plan_room', 'tell_moved'] },
    move_refused: { to: 'created', effects: ['plan_room'] },
    cancelled_in_time: { to: 'pending', effects: ['release_calendar', 'close_room', 'tell_cancelled'] },
    cancelled_late: {
      to: 'completed',
      outcome: 'late_cancellation',
      effects: ['release_calendar', 'close_room', 'earn', 'pay_host', 'tell_cancelled'],
    },
    host_cancelled: {
      to: 'pending',
      effects: ['release_calendar', 'close_room', 'extend_validity', 'tell_cancelled'],
    },
    ended_by_us: {
      to: 'pending',
      effects: ['release_calendar', 'close_room', 'extend_validity', 'tell_ended'],
    },
    held: { to: 'completed', outcome: 'held', effects: ['close_room', 'earn', 'pay_host', 'tell_thanks'] },
    member_absent: {
      to: 'completed',
      outcome: 'member_no_show',
      effects: ['close_room', 'mark_absent', 'earn', 'pay_host'],
    },
    host_absent: {
      to: 'pending',
      outcome: 'host_no_show',
      effects: ['close_room', 'mark_absent', 'extend_validity', 'tell_host_failed'],
    },
    attendance_unknown: { to: 'created', outcome: 'unknown', effects: ['close_room', 'ask_operator'] },
    // Nobody is thanked or paid by rule. The report has asked the operator already.
    ended_by_report: { to: 'created', outcome: 'unknown', effects: ['close_room'] },
    decided_for_host: { to: 'completed', outcome: 'held', effects: ['close_room', 'earn', 'pay_host'] },
    decided_for_member: { to: 'pending', effects: ['close_room', 'extend_validity'] },
    // Never by the member: an operator gave the money back, or the member's bank took it.
    refunded: { to: 'cancelled', effects: ['release_calendar', 'close_room', 'tell_cancelled'] },
  },
  completed: {},
  cancelled: {},
  expired: {},
}

/** What `event` does to a booking in `state`. Undefined where it does not apply: then nothing may change. */
export function transition(state: BookingState, event: BookingEvent): Transition | undefined {
  return table[state][event]
}

/** Live bookings occupy their time. An exclusion constraint keeps those of one host or one member apart. */
export function isLive(state: BookingState): boolean {
  return state === 'created'
}

export function isEnded(state: BookingState): boolean {
  return state === 'completed' || state === 'cancelled' || state === 'expired'
}

const hour = 3_600_000

/** Whether cancelling or moving is still free: `freeChangeHours` or more before the start. */
export function changeIsFree(start: Date, now: Date, freeChangeHours: number): boolean {
  return start.getTime() - now.getTime() >= freeChangeHours * hour
}

type CalendarStatus = (typeof calendarStatuses)[number]

/**
 * The same for one session. A time that the host chose, or that the host's calendar has not confirmed, can be
 * left free of charge until it starts.
 */
export function canChangeForFree(
  booking: { startAt: Date | null; wasMovedByHost: boolean; calendarStatus: CalendarStatus },
  now: Date,
  freeChangeHours: number,
): boolean {
  if (!booking.startAt || now.getTime() >= booking.startAt.getTime()) return false
  if (booking.wasMovedByHost || booking.calendarStatus === 'confirming') return true
  return changeIsFree(booking.startAt, now, freeChangeHours)
}

/**
 * Whether only an operator may still decide what becomes of a session: nobody was seen, or a report ended it
 * (decision 0029). Nothing that its people do changes it any more.
 */
export function waitsForOperator(booking: { state: BookingState; outcome: Outcome | null }): boolean {
  return booking.state === 'created' && booking.outcome === 'unknown'
}

/** A session must start before its validity ends. */
export function startsWhileValid(start: Date, validUntil: Date): boolean {
  return start.getTime() < validUntil.getTime()
}

/** A session without a time ends unused when its validity does. */
export function hasExpired(state: BookingState, validUntil: Date, now: Date): boolean {
  return state === 'pending' && now.getTime() >= validUntil.getTime()
}

/** A session without a time can be refunded until it expires. */
export function canBeRefunded(state: BookingState, validUntil: Date, now: Date): boolean {
  return state === 'pending' && now.getTime() < validUntil.getTime()
}
