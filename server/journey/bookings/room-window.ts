// When a session's room is open, in one place for page and server: 15 minutes before until a little after the end.

export const opensMinutesBefore = 15
/** People may finish a sentence: the room closes this long after the planned end. */
export const closesMinutesAfter = 5
/** The one who waits may leave after this long, with the outcome recorded. */
export const noShowAfterMinutes = 5

export type RoomStatus = 'not_created' | 'active' | 'ended'

const minute = 60_000

export function roomOpensAt(start: Date): Date {
  return new Date(start.getTime() - opensMinutesBefore * minute)
}

export function roomClosesAt(end: Date): Date {
  return new Date(end.getTime() + closesMinutesAfter * minute)
}

/** Whether somebody may enter now: from exactly 15 minutes before the start until the room closes. */
export function isRoomOpen(start: Date, end: Date, now: Date): boolean {
  return now.getTime() >= roomOpensAt(start).getTime() && now.getTime() < roomClosesAt(end).getTime()
}
