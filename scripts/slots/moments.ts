// Times as a person types them: an instant, a local time of the host, or a date, which is its midnight.
import { Temporal } from 'temporal-polyfill'
import { addDays, dayMs } from '../../server/lib/time.ts'

/** Throws a sentence that names the option. */
export function momentOf(option: string, text: string, timeZone: string): Date {
  try {
    const isInstant = /[T ].*(Z|[+-]\d\d:?\d\d)$/i.test(text)
    const moment = isInstant
      ? Temporal.Instant.from(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).toInstant()
    return new Date(moment.epochMilliseconds)
  } catch (error) {
    throw new Error(
      `${option} is "${text}", and should be a time like 2027-03-01T09:00Z, 2027-03-01T09:00 or 2027-03-01.`,
      { cause: error },
    )
  }
}

/** The range: `from` (or now) to `to` (or so many days later). Throws a sentence. */
export function stretchOf(
  words: { from?: string | undefined; to?: string | undefined; days?: string | undefined },
  timeZone: string,
  now: Date,
): { from: Date; to: Date } {
  const from = words.from === undefined ? now : momentOf('--from', words.from, timeZone)
  const days = Number(words.days ?? 7)
  if (!Number.isInteger(days) || days < 1)
    throw new Error(`--days is "${words.days}", and should be a whole number from 1.`)
  const to = words.to === undefined ? addDays(from, days) : momentOf('--to', words.to, timeZone)
  if (to <= from) throw new Error('--to should be later than --from.')
  if (to.getTime() - from.getTime() > 370 * dayMs) throw new Error('Please ask about a year at most.')
  return { from, to }
}
