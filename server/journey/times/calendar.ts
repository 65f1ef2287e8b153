// Which calendar a host is booked in: their own at Cal.com, or the built-in one.

export const calendarKinds = ['calcom', 'builtin'] as const
export type CalendarKind = (typeof calendarKinds)[number]

/** By which a host tells several calendars apart, in the order in which they are given out. */
export const calendarColors = ['blue', 'violet', 'amber', 'rose', 'teal'] as const
export type CalendarColor = (typeof calendarColors)[number]

export function calendarOf(host: { calUsername: string | null }): CalendarKind {
  return host.calUsername ? 'calcom' : 'builtin'
}

/** Booked by a team's event type, which the platform's key covers. */
export function isOfTeam(host: { calUsername: string | null }): boolean {
  return host.calUsername?.startsWith('team/') ?? false
}

/** Where Cal.com finds a host: the account, and the event type that is booked. */
export function calAccountOf(host: { calUsername: string | null; calEventSlug: string | null }): {
  username: string
  eventSlug: string
} {
  return { username: host.calUsername ?? '', eventSlug: host.calEventSlug ?? '' }
}
