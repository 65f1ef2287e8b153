// Calendar files (RFC 5545). Each session has a stable UID, and its SEQUENCE grows with every change, so that
// a later file moves the entry instead of adding another. The file of a cancelled session removes it.
import { ICalCalendarMethod, ICalEventStatus, default as ical, type ICalCalendar } from 'ical-generator'
import { sessionPageOf } from './session-page.ts'

export type CalendarEntry = {
  bookingId: string
  attempt: number
  /** False for a session that was given back: its entry is removed. */
  isOn: boolean
  start: Date
  end: Date
  hostName: string
  memberName: string
}

type Place = { publicUrl: string; now: Date }

/** One session's file: PUBLISH while it takes place, CANCEL to remove its entry. */
export function calendarFile(entry: CalendarEntry, place: Place): string {
  const calendar = empty(entry.isOn ? ICalCalendarMethod.PUBLISH : ICalCalendarMethod.CANCEL)
  add(calendar, entry, place, 'file')
  return calendar.toString()
}

/** All sessions of a person, to subscribe to. Those that were given back are left out. */
export function calendarFeed(entries: CalendarEntry[], place: Place & { viewer: 'host' | 'member' }): string {
  const calendar = empty(ICalCalendarMethod.PUBLISH)
  calendar.name('Presence sessions').ttl(15 * 60)
  for (const entry of entries) if (entry.isOn) add(calendar, entry, place, place.viewer)
  return calendar.toString()
}

function empty(method: ICalCalendarMethod): ICalCalendar {
  return ical({ prodId: { company: 'Presence', product: 'Sessions', language: 'EN' }, method })
}

function add(
  calendar: ICalCalendar,
  entry: CalendarEntry,
  { publicUrl, now }: Place,
  viewer: 'file' | 'host' | 'member',
): void {
  const { hostName, memberName } = entry
  const join = sessionPageOf(publicUrl, entry.bookingId)
  const both = `${hostName} and ${memberName || 'you'}`
  calendar.createEvent({
    id: `${entry.bookingId}@presence`,
    sequence: entry.attempt * 2 + (entry.isOn ? 0 : 1),
    stamp: now,
    start: entry.start,
    end: entry.end,
    summary: `Presence: ${viewer === 'file' ? both : viewer === 'host' ? memberName || 'a member' : hostName}`,
    description: `Join here, from 15 minutes before: ${join}`,
    url: join,
    status: entry.isOn ? ICalEventStatus.CONFIRMED : ICalEventStatus.CANCELLED,
    organizer: { name: 'Presence', email: `sessions@${new URL(publicUrl).hostname}` },
  })
}
