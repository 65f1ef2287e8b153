// Free times and reasons as lines for a person, in the zone of the question.
import { Temporal } from 'temporal-polyfill'
import type { Case } from './cases.ts'
import type { Explained } from './explain.ts'

/** Day by day: the free starts in one line, then every other time with its reasons. */
export function linesOf({ name, rules, query }: Case, { free, refused }: Explained): string[] {
  const zone = query.viewerTimeZone ?? rules.timeZone
  const on = (moment: Date) =>
    Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone)
  const dateOf = (moment: Date) => on(moment).toPlainDate().toString()
  const timeOf = (moment: Date) => on(moment).toPlainTime().toString({ smallestUnit: 'minute' })
  const starts = Map.groupBy(free, dateOf)
  const others = Map.groupBy(refused, ({ first }) => dateOf(first))
  const lines = [`${name}, on the clock of ${zone}:${free.length === 0 ? ' no free start.' : ''}`]
  for (const date of [...new Set([...starts.keys(), ...others.keys()])].sort()) {
    lines.push('', `  ${date}`)
    if (starts.has(date)) lines.push(`    free  ${starts.get(date)!.map(timeOf).join(' ')}`)
    for (const { first, last, reasons } of others.get(date) ?? []) {
      const until = dateOf(last) === date ? timeOf(last) : `${dateOf(last)} ${timeOf(last)}`
      lines.push(
        `    ${timeOf(first)}${first < last ? ` to ${until}` : ''}`,
        ...reasons.map((reason) => `      - ${reason}`),
      )
    }
  }
  return lines
}
