// The next free start of many hosts at once: one query for what is taken, one for what Cal.com last said, and
// the engine for the rest. It looks a few days ahead first, since most hosts are free soon.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { addDays, addMinutes, now } from '../../lib/time.ts'
import { sessionMinutes } from '../plans/plan.ts'
import { freeStarts } from './availability.ts'
import { hasHours, readCalendarRules, type StoredCalendar } from './calendar-rules.ts'
import type { NextFree } from './next-free.ts'
import { readTakenTimes, type TakenTimes } from './read-taken-times.ts'

const daysAhead = 30
const windowDays = [2, 8, daysAhead]
/** Older answers of Cal.com are not shown. */
const usableMinutes = 15
const cachedMs = 10_000

const unknown: NextFree = { availability: 'unknown', start: null }
const noTimesYet: NextFree = { availability: 'no_times_yet', start: null }
const nextFreeAt = (start: Date | null): NextFree => ({ availability: start ? 'free' : 'none', start })

type HostRow = StoredCalendar & { id: string; calUsername: string | null }

// Many people look at the same cards. Cached per database, for a few seconds of our clock.
const cache = new WeakMap<Db, Map<string, NextFree & { foundAt: number }>>()

/** By host id: the first free start of the next 30 days, or why there is none. */
export async function findNextFree(db: Db, hostIds: string[]): Promise<Map<string, NextFree>> {
  const time = now()
  const known = cache.get(db) ?? new Map<string, NextFree & { foundAt: number }>()
  cache.set(db, known)
  const isCached = (id: string) => {
    const one = known.get(id)
    const age = one ? time.getTime() - one.foundAt : -1
    return one !== undefined && age >= 0 && age < cachedMs && (one.start === null || one.start > time)
  }
  const asked = hostIds.filter((id) => !isCached(id))
  if (asked.length > 0) {
    for (const [id, next] of await findNow(db, asked, time))
      known.set(id, { foundAt: time.getTime(), ...next })
  }
  return new Map(hostIds.map((id) => [id, known.get(id) ?? unknown]))
}

async function findNow(db: Db, hostIds: string[], time: Date): Promise<[string, NextFree][]> {
  const hosts: HostRow[] = await db
    .selectFrom('hosts')
    .select([
      'id',
      'calUsername',
      'timeZone',
      'weeklyHours',
      'dateOverrides',
      'minimumNoticeMinutes',
      'bufferBeforeMinutes',
      'bufferAfterMinutes',
      'intervalMinutes',
      'horizonDays',
      'maximumPerDay',
    ])
    .where(sql<boolean>`id = any(${hostIds}::uuid[])`)
    .execute()
  const taken = await readTakenTimes(db, hosts, { from: addDays(time, -1), to: addDays(time, daysAhead + 1) })
  const said = await readSaid(
    db,
    hosts.filter((host) => host.calUsername).map((host) => host.id),
    time,
  )
  return hosts.map((host, index) => [
    host.id,
    host.calUsername
      ? firstLeft(said.get(host.id), taken[index]!, time)
      : hasHours(host)
        ? nextFreeAt(firstByRules(host, taken[index]!, time))
        : noTimesYet,
  ])
}

function firstByRules(host: HostRow, taken: TakenTimes, time: Date): Date | null {
  const rules = readCalendarRules(host, sessionMinutes)
  let from = time
  for (const days of windowDays) {
    const to = addDays(time, days)
    const [first] = freeStarts(rules, { from, to, now: time, ...taken })
    if (first) return first
    // A session may begin just before the end of one window and end in the next.
    from = addMinutes(to, -sessionMinutes)
  }
  return null
}

/**
 * Cal.com's next starts are known up to a number: where all of them have passed or are taken here, later ones
 * may be free. Only a calendar that said none at all has none.
 */
function firstLeft(starts: Date[] | undefined, { busy, reservations }: TakenTimes, time: Date): NextFree {
  if (!starts) return unknown
  const inTheWay = [...busy, ...reservations]
  const first = starts.find(
    (start) =>
      start > time &&
      !inTheWay.some((taken) => taken.start < addMinutes(start, sessionMinutes) && start < taken.end),
  )
  return first || starts.length === 0 ? nextFreeAt(first ?? null) : unknown
}

async function readSaid(db: Db, hostIds: string[], time: Date): Promise<Map<string, Date[]>> {
  if (hostIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('calendarSlots')
    .select(['hostId', 'nextStarts'])
    .where(sql<boolean>`host_id = any(${hostIds}::uuid[])`)
    .where('readAt', '>', addMinutes(time, -usableMinutes))
    .where('readAt', '<=', time)
    .execute()
  return new Map(rows.map((row) => [row.hostId, row.nextStarts]))
}
