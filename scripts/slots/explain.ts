// Which times of a stretch are free, and for every other one on the grid the reasons why it is not.
import { freeStarts, grainMinutes, lengthMs } from '../../server/journey/times/availability.ts'
import { whatIsInTheWay, whyNotFree } from '../../server/journey/times/why-not-free.ts'
import { offsetAt, zoneClock } from '../../server/journey/times/zone-clock.ts'
import type { Case } from './cases.ts'
import { minuteMs } from '../../server/lib/time.ts'

/** What Cal.com last said about a host who is booked there; its calendar decides, not the rules here. */
export type Said = { username: string; starts: Date[]; readAt: Date }

/** Neighbouring times of one day that are refused for the same reasons. */
type Refused = { first: Date; last: Date; reasons: string[] }

export type Explained = { free: Date[]; refused: Refused[] }

export function explain(one: Case, said?: Said): Explained {
  const free = said ? startsSaid(one, said) : freeStarts(one.rules, one.query)
  const isFree = new Set(free.map((start) => start.getTime()))
  const refused: Refused[] = []
  let earlier: Date | undefined
  for (const time of timesOf(one)) {
    if (isFree.has(time.getTime())) {
      earlier = time
      continue
    }
    const reasons = said ? reasonsBeside(one, time, said) : reasonsAt(one, time, earlier)
    const last = refused.at(-1)
    const isNext = last !== undefined && !free.some((start) => last.last < start && start < time)
    if (isNext && last.reasons.join() === reasons.join()) last.last = time
    else refused.push({ first: time, last: time, reasons })
  }
  return { free, refused }
}

/** By the rules here. `earlier` is the last free start before `time`. */
function reasonsAt({ rules, query }: Case, time: Date, earlier?: Date): string[] {
  const reasons = whyNotFree(rules, query, time)
  if (reasons.length > 0 || !earlier) return reasons
  const step = rules.intervalMinutes ?? rules.eventMinutes
  return [`Starts are ${step} minutes apart, and another one lies less than that before.`]
}

/** By what Cal.com last said: what we know to be in the way, or else that Cal.com does not offer it. */
export function reasonsBeside({ rules, query }: Case, time: Date, said: Said): string[] {
  const known = whatIsInTheWay(rules, query, time)
  if (time < query.now) return ['It has passed.', ...known]
  return known.length > 0
    ? known
    : [`Cal.com does not offer it. The hours and calendars of ${said.username} there say why.`]
}

function startsSaid({ rules, query }: Case, { starts }: Said): Date[] {
  return starts.filter(
    (start) =>
      start >= query.from &&
      start >= query.now &&
      start.getTime() + lengthMs(rules) <= query.to.getTime() &&
      whatIsInTheWay(rules, query, start).length === 0,
  )
}

/** Every time of the viewer's grid at which a session fits into what was asked about. */
function* timesOf({ rules, query }: Case): Generator<Date> {
  const grainMs = grainMinutes(rules) * minuteMs
  const [from, to] = [query.from.getTime(), query.to.getTime()]
  const viewer = zoneClock(query.viewerTimeZone ?? rules.timeZone, from, to)
  const next = (moment: number) =>
    Math.ceil((moment + offsetAt(viewer, moment)) / grainMs) * grainMs - offsetAt(viewer, moment)
  for (let time = next(from); time + lengthMs(rules) <= to; time = next(time + 1)) yield new Date(time)
}
