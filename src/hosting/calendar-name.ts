import type { ImportedCalendar } from '../../server/journey/times/imported-calendars-view.ts'

/** As the host calls it, or else where it is from. */
export function calendarName({ name, address }: Pick<ImportedCalendar, 'name' | 'address'>): string {
  if (name !== '') return name
  return URL.canParse(address) ? new URL(address).hostname : address
}
