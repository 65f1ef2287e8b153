// What a booking's row says as soon as it has a new time, whoever chose it.

/**
 * A new attempt: its calendar is still to confirm it, and nobody has been in its room. `attempt` counts the
 * times that a booking was scheduled, so that reminders, rooms and calls belong to one of them each.
 */
export function newTime(booking: { attempt: number }, time: { start: Date; end: Date }, now: Date) {
  return {
    startAt: time.start,
    endAt: time.end,
    attempt: booking.attempt + 1,
    calendarStatus: 'confirming',
    calendarAskedAt: now,
    roomStatus: 'not_created',
    hostJoinedAt: null,
    memberJoinedAt: null,
  } as const
}
