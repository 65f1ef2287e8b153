// The reader's language and habits, from a browser that may say anything: `en-US@posix`, `C`, nothing at all.
import { getWeekStartByLocale } from 'weekstart'

/** What the pages are written in, and what stands in where the browser's own locale cannot be used. */
const fallback = 'en-AU'

/**
 * The first locale of the reader's that can format, always with the calendar of our months: the Gregorian
 * one.
 */
export function locale(): string {
  const wanted = globalThis.navigator?.languages ?? []
  const key = [...wanted, globalThis.navigator?.language].join()
  if (key !== readFrom) {
    readFrom = key
    readLocale = [...wanted, globalThis.navigator?.language].map(usable).find(Boolean) ?? usable(fallback)!
  }
  return readLocale
}
let readFrom: string | undefined
let readLocale = fallback

function usable(tag: string | undefined): string | undefined {
  // POSIX writes `en_US.UTF-8@euro`; what follows the language and place is no part of a locale.
  const plain = (tag ?? '').replace(/[.@].*$/, '').replaceAll('_', '-')
  try {
    if (Intl.DateTimeFormat.supportedLocalesOf(plain).length === 0) return undefined
    return new Intl.Locale(plain, { calendar: 'gregory' }).toString()
  } catch {
    return undefined
  }
}

type WithWeek = Intl.Locale & {
  getWeekInfo?: () => { firstDay: number }
  weekInfo?: { firstDay: number }
}

/** The reader's first day of the week, 0 for Sunday. Firefox does not tell, so a table of CLDR stands in. */
export function weekStart(): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  const here: WithWeek = new Intl.Locale(locale())
  const told = here.getWeekInfo?.() ?? here.weekInfo
  const first = told ? told.firstDay % 7 : getWeekStartByLocale(here.maximize().baseName)
  return first as ReturnType<typeof weekStart>
}
