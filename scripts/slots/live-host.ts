// The same question about a host of the Presence that runs: rules, bookings and clock come from its database.
import { readClock } from '../../server/db/clock.ts'
import { openDatabase } from '../../server/db/client.ts'
import type { BusyTime } from '../../server/journey/hosts/availability.ts'
import { readCalendarRules } from '../../server/journey/hosts/calendar-rules.ts'
import { plans } from '../../server/journey/plans/plan.ts'
import { addDays, now } from '../../server/lib/time.ts'
import { runningOn } from '../local/data-folder.ts'
import type { Case } from './cases.ts'

export type LiveHost = Case & {
  /** The Cal.com account that decides instead of the rules here; null for a host of the built-in calendar. */
  calUsername: string | null
}

/** `wanted` is a host's id or a part of the name that only one host has. `days` from now, or around `moment`, are asked for. */
export async function readLiveHost(wanted: string, days: number, moment?: Date): Promise<LiveHost> {
  const url = process.env['DATABASE_URL'] || runningOn(process.env['DATA_DIR'] || './data')?.databaseUrl
  if (!url) throw new Error('No Presence is running here. Start it with npm start, or set DATABASE_URL.')
  const db = openDatabase(url, 1)
  try {
    await readClock(db)
    const hosts = await db.selectFrom('hosts').selectAll().orderBy('fullName').execute()
    const matching = hosts.filter(({ id, fullName }) => id === wanted || fullName.toLowerCase().includes(wanted.toLowerCase()))
    const host = matching[0]
    if (!host || matching.length > 1) {
      const names = (host ? matching : hosts).map(({ fullName }) => fullName).join(', ')
      throw new Error(`${host ? 'More than one host is' : 'No host is'} called "${wanted}". There are: ${names}.`)
    }
    const from = moment && moment < now() ? moment : now()
    const to = addDays(moment && moment > from ? moment : from, days)
    const bookings = await db
      .selectFrom('bookings')
      .select(['startAt', 'endAt'])
      .where('hostId', '=', host.id)
      .where('state', '=', 'created')
      .where('endAt', '>', addDays(from, -2))
      .where('startAt', '<', addDays(to, 2))
      .execute()
    const busy = bookings.map(({ startAt, endAt }): BusyTime => ({ kind: 'booking', start: startAt!, end: endAt! }))
    const rules = readCalendarRules(host, plans.Adhoc.sessionMinutes)
    return { name: host.fullName, calUsername: host.calUsername, rules, query: { from, to, now: now(), busy, holds: [] } }
  } finally {
    await db.destroy()
  }
}
