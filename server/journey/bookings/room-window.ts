// When a session's room is open, for pages and server alike: from 15 minutes before until a little after the
// end.

export const opensMinutesBefore = 15
/**
 * The room is made this long before the start, and opens later, so that thousands of one hour are ready in
 * time.
 */
export const preparedMinutesBefore = 60
/** The room closes this long after the planned end, so that people can finish a sentence. */
const closesMinutesAfter = 5
/** Whoever waits may leave after this long, with the outcome recorded. */
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

/** Whether the room can be made ahead of time now. Later it is made as it opens. */
export function isTimeToPrepare(start: Date, now: Date): boolean {
  return now.getTime() >= roomPreparedAt(start).getTime() && now.getTime() < roomOpensAt(start).getTime()
}

/** Whether somebody may enter now: from exactly 15 minutes before the start until the room closes. */
export function isRoomOpen(start: Date, end: Date, now: Date): boolean {
  return now.getTime() >= roomOpensAt(start).getTime() && now.getTime() < roomClosesAt(end).getTime()
}
