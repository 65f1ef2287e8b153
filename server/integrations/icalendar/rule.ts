// Recurrence rules (RFC 5545, 3.3.10) on a wall clock, expanded by rrule-temporal, which counts its tries
// and ends (docs/decisions/0045-imported-calendars.md). What lies in a zone is the caller's business.
import { RRuleTemporal } from 'rrule-temporal'
import { readTime, type Time, type Wall } from './times.ts'

export type Rule = {
  /** Without UNTIL. */
  text: string
  /** As a wall clock, or as a moment where `untilTime` has an offset; both need the caller's zone. */
  until?: number
  untilTime?: Time
}

const parts =
  /^(FREQ|INTERVAL|COUNT|BYSECOND|BYMINUTE|BYHOUR|BYDAY|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYMONTH|BYSETPOS|WKST)$/
const maxTries = 40_000
const dayMs = 86_400_000

/** Undefined where it is empty, which is no repetition. Throws where it cannot be read. */
export function readRule(value: string): Rule | undefined {
  const read = new Map<string, string>()
  for (const part of value.toUpperCase().split(';')) {
    const [name = '', text = ''] = part.split('=').map((piece) => piece.replace(/\s/g, ''))
    if (name !== '' && text !== '') read.set(name, text)
  }
  if (read.size === 0) return undefined
  const frequency = read.get('FREQ')
  if (!frequency || !/^(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(frequency))
    throw new Error('it does not say how often')
  if (!['', 'GREGORIAN'].includes(read.get('RSCALE') ?? '')) throw new Error('it counts by another calendar')
  if (Number(read.get('INTERVAL') ?? 1) < 1) read.delete('INTERVAL')
  if (Number(read.get('COUNT') ?? 1) < 1) read.delete('COUNT')
  const text = [...read]
    .filter(([name]) => parts.test(name))
    .map(([name, given]) => `${name}=${given}`)
    .join(';')
  const until = read.get('UNTIL')
  if (until === undefined) return { text }
  const untilTime = readTime(until)
  if (!untilTime) throw new Error('its end cannot be read')
  return { text, until: untilTime.wall, untilTime }
}

/**
 * Its occurrences from `from` to `to`, both walls, in order. A day after `until` is included: the caller
 * knows the zone and decides. Throws where it is refused or needs too many tries.
 */
export function expandRule(rule: Rule, start: Wall, from: Wall, to: Wall): Wall[] {
  const last = rule.until === undefined ? to : Math.min(to, rule.until + 2 * dayMs)
  if (last < from || last < start) return []
  const expansion = new RRuleTemporal({
    rruleString: `DTSTART:${compact(start)}\nRRULE:${rule.text}`,
    maxIterations: maxTries,
  })
  return expansion
    .between(new Date(Math.max(from, start)), new Date(last), true)
    .map(({ epochMilliseconds }) => epochMilliseconds)
}

const compact = (wall: Wall) => new Date(wall).toISOString().replace(/[-:]|\.\d+/g, '')
