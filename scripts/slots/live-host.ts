// The same question about a host of the running Presence: rules, bookings and clock come from its database.
import { readClock } from '../../server/db/clock.ts'
import { openDatabase, type Db } from '../../server/db/client.ts'
import { readCalendarRules } from '../../server/journey/times/calendar-rules.ts'
import { readTakenTimes } from '../../server/journey/times/read-taken-times.ts'
import { sessionMinutes } from '../../server/journey/plans/plan.ts'
import { addDays, now } from '../../server/lib/time.ts'
import { runningOn } from '../../dev/data-folder.ts'
import type { Case } from './cases.ts'
import type { CalcomAnswer } from './explain.ts'

export type LiveHost = {
  one: Case
  /** Only for a host who is booked at Cal.com; null where Cal.com has not been read yet. */
  calcomAnswer: CalcomAnswer | null | undefined
}

/** Reads the times of a question, given the host's zone and the clock of Presence. */
export type Asked = (timeZone: string, now: Date) => { from: Date; to: Date }

/** `wanted` is a host's id or a part of the name that only one host has. */
export async function readLiveHost(wanted: string, asked: Asked): Promise<LiveHost> {
  const db = await openRunning()
  try {
    const host = await findHost(db, wanted)
    const { from, to } = asked(host.timeZone, now())
    const [taken] = await readTakenTimes(db, [host], { from: addDays(from, -2), to: addDays(to, 2) })
    const rules = readCalendarRules(host, sessionMinutes)
    return {
      one: { name: host.fullName, rules, query: { from, to, now: now(), ...taken! } },
      calcomAnswer: host.calUsername ? await readCalcomAnswer(db, host.id, host.calUsername) : undefined,
    }
  } finally {
    await db.destroy()
  }
}

/** The addresses of the calendars that a host has connected, and the host's zone. */
export async function readLiveCalendars(wanted: string): Promise<{ files: string[]; timeZone: string }> {
  const db = await openRunning()
  try {
    const host = await findHost(db, wanted)
    const rows = await db
      .selectFrom('importedCalendars')
      .select('address')
      .where('hostId', '=', host.id)
      .orderBy('createdAt')
      .execute()
    if (rows.length === 0) throw new Error(`${host.fullName} has connected no calendar.`)
    return { files: rows.map(({ address }) => address), timeZone: host.timeZone }
  } finally {
    await db.destroy()
  }
}

async function openRunning(): Promise<Db> {
  const url = process.env['DATABASE_URL'] || runningOn(process.env['DATA_DIR'] || './data')?.databaseUrl
  if (!url) throw new Error('No Presence is running here. Start it with npm start, or set DATABASE_URL.')
  const db = openDatabase(url, 1)
  await readClock(db)
  return db
}

async function findHost(db: Db, wanted: string) {
  const hosts = await db.selectFrom('hosts').selectAll().orderBy('fullName').execute()
  const matching = hosts.filter(
    ({ id, fullName }) => id === wanted || fullName.toLowerCase().includes(wanted.toLowerCase()),
  )
  const host = matching[0]
  if (host && matching.length === 1) return host
  const names = (host ? matching : hosts).map(({ fullName }) => fullName).join(', ')
  throw new Error(`${host ? 'More than one host is' : 'No host is'} called "${wanted}". There are: ${names}.`)
}

async function readCalcomAnswer(db: Db, hostId: string, username: string): Promise<CalcomAnswer | null> {
  const row = await db
    .selectFrom('calendarSlots')
    .select(['starts', 'readAt'])
    .where('hostId', '=', hostId)
    .executeTakeFirst()
  return row?.readAt ? { username, starts: row.starts, readAt: row.readAt } : null
}
