// The wall clock of a zone, looked up once for a stretch of time: every later conversion is arithmetic.
import { Temporal } from 'temporal-polyfill'

/** `offsets[i]` milliseconds east of UTC hold from `since[i]` until `since[i + 1]`. */
export type ZoneClock = { since: number[]; offsets: number[] }

const dayMs = 86_400_000
// A zone's clock is at most a day ahead or behind, so two days either side cover every wall time asked for.
const marginMs = 3 * dayMs

/**
 * The clock of an IANA zone from `from` to `to` (milliseconds), with a margin of days. Throws on an unknown
 * zone.
 */
export function zoneClock(timeZone: string, from: number, to: number): ZoneClock {
  let at = Temporal.Instant.fromEpochMilliseconds(from - marginMs).toZonedDateTimeISO(timeZone)
  const clock = { since: [-Infinity], offsets: [at.offsetNanoseconds / 1e6] }
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (!next || next.epochMilliseconds > to + marginMs) return clock
    clock.since.push(next.epochMilliseconds)
    clock.offsets.push(next.offsetNanoseconds / 1e6)
    at = next
  }
}

export function offsetAt(clock: ZoneClock, moment: number): number {
  let index = clock.since.length - 1
  while (clock.since[index]! > moment) index--
  return clock.offsets[index]!
}

/**
 * The wall clock at `moment`, as milliseconds since 1 January 1970 on that clock: its days are calendar days.
 */
export function wallAt(clock: ZoneClock, moment: number): number {
  return moment + offsetAt(clock, moment)
}

/** Days since 1 January 1970 on the wall clock. */
export function dayAt(clock: ZoneClock, moment: number): number {
  return Math.floor(wallAt(clock, moment) / dayMs)
}

/**
 * The moment at which the wall clock shows `wall`. If it shows it twice, the first counts. If it never does
 * because the clock jumps over it, hours that start there start later by the jump, and hours that end there
 * end at the jump. So hours within a jump do not exist, be it an hour or the whole day that Samoa left out.
 */
export function momentOf(clock: ZoneClock, wall: number, edge: 'start' | 'end'): number {
  for (let index = 0; index < clock.since.length; index++) {
    const offset = clock.offsets[index]!
    const until = clock.since[index + 1] ?? Infinity
    const moment = wall - offset
    if (moment < until) {
      if (moment >= clock.since[index]!) return moment
      const jump = clock.since[index]!
      return edge === 'end' ? jump : wall - clock.offsets[index - 1]!
    }
  }
  throw new RangeError(`not a wall time: ${wall}`)
}
