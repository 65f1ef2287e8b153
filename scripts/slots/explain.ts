// Says which times of a range are free, and for every other one on the grid why it is not.
import { freeStarts, grainMinutes, lengthMs } from '../../server/journey/times/availability.ts'
import { whatIsInTheWay, whyNotFree } from '../../server/journey/times/why-not-free.ts'
import { offsetAt, zoneClock } from '../../server/journey/times/zone-clock.ts'
import { minuteMs } from '../../server/lib/time.ts'
import type { Case } from './cases.ts'

/** Cal.com's last answer about a host who is booked there. Its calendar decides, not our rules. */
export type CalcomAnswer = { username: string; starts: Date[]; readAt: Date }

/** Neighbouring times of one day with the same reasons. */
type Refused = { first: Date; last: Date; reasons: string[] }

export type Explained = { free: Date[]; refused: Refused[] }

export function explain(one: Case, calcomAnswer?: CalcomAnswer): Explained {
  const free = calcomAnswer ? startsAtCalcom(one, calcomAnswer) : freeStarts(one.rules, one.query)
  const isFree = new Set(free.map((start) => start.getTime()))
  const refused: Refused[] = []
  let earlier: Date | undefined
  for (const time of timesOf(one)) {
    if (isFree.has(time.getTime())) {
      earlier = time
      continue
    }
    const reasons = calcomAnswer ? reasonsBeside(one, time, calcomAnswer) : reasonsAt(one, time, earlier)
    const last = refused.at(-1)
    const isNext = last !== undefined && !free.some((start) => last.last < start && start < time)
    if (isNext && last.reasons.join() === reasons.join()) last.last = time
    else refused.push({ first: time, last: time, reasons })
  }
  return { free, refused }
}

/** The reasons by our own rules. `earlier` is the last free start before `time`. */
function reasonsAt({ rules, query }: Case, time: Date, earlier?: Date): string[] {
  const reasons = whyNotFree(rules, query, time)
  if (reasons.length > 0 || !earlier) return reasons
  const step = rules.intervalMinutes ?? rules.eventMinutes
  return [`Starts are ${step} minutes apart, and another one lies less than that before.`]
}

/**
 * The reasons by Cal.com's last answer: what we know to be in the way, or
 * else that Cal.com does not offer it.
 */
export function reasonsBeside({ rules, query }: Case, time: Date, calcomAnswer: CalcomAnswer): string[] {
  const known = whatIsInTheWay(rules, query, time)
  if (time < query.now) return ['It has passed.', ...known]
  return known.length > 0
    ? known
    : [`Cal.com does not offer it. The hours and calendars of ${calcomAnswer.username} there say why.`]
}

function startsAtCalcom({ rules, query }: Case, { starts }: CalcomAnswer): Date[] {
  return starts.filter(
    (start) =>
      start >= query.from &&
      start >= query.now &&
      start.getTime() + lengthMs(rules) <= query.to.getTime() &&
      whatIsInTheWay(rules, query, start).length === 0,
  )
}

/** Every time of the viewer's grid at which a session fits into the range. */
function* timesOf({ rules, query }: Case): Generator<Date> {
  const grainMs = grainMinutes(rules) * minuteMs
  const [from, to] = [query.from.getTime(), query.to.getTime()]
  const viewer = zoneClock(query.viewerTimeZone ?? rules.timeZone, from, to)
  const next = (moment: number) =>
    Math.ceil((moment + offsetAt(viewer, moment)) / grainMs) * grainMs - offsetAt(viewer, moment)
  for (let time = next(from); time + lengthMs(rules) <= to; time = next(time + 1)) yield new Date(time)
}
