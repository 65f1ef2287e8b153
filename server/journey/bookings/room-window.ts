// When a session's room is open, in one place for page and server: 15 minutes before until a little after the
// end.

export const opensMinutesBefore = 15
/**
 * The room is made this long before the start, shut until it opens, so that thousands of one full hour are
 * ready in time.
 */
export const preparedMinutesBefore = 60
/** People may finish a sentence: the room closes this long after the planned end. */
export const closesMinutesAfter = 5
/** The one who waits may leave after this long, with the outcome recorded. */
export const noShowAfterMinutes = 5

export const roomStatuses = ['not_created', 'active', 'ended'] as const
export type RoomStatus = (typeof roomStatuses)[number]

const minute = 60_000

export function roomOpensAt(start: Date): Date {
  return new Date(start.getTime() - opensMinutesBefore * minute)
}

export function roomClosesAt(end: Date): Date {
  return new Date(end.getTime() + closesMinutesAfter * minute)
}

export function roomPreparedAt(start: Date): Date {
  return new Date(start.getTime() - preparedMinutesBefore * minute)
}

/** Whether the room may be made ahead of time now; later it is made as it opens. */
export function isTimeToPrepare(start: Date, now: Date): boolean {
  return now.getTime() >= roomPreparedAt(start).getTime() && now.getTime() < roomOpensAt(start).getTime()
}

/** Whether somebody may enter now: from exactly 15 minutes before the start until the room closes. */
export function isRoomOpen(start: Date, end: Date, now: Date): boolean {
  return now.getTime() >= roomOpensAt(start).getTime() && now.getTime() < roomClosesAt(end).getTime()
}
