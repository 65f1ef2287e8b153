// npm run slots: when can this host be booked, and why is this time not free?
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import { freeStarts } from '../server/journey/hosts/availability.ts'
import { whyNotFree } from '../server/journey/hosts/why-not-free.ts'
import { readCases, type Case } from './slots/cases.ts'

const usage = `npm run slots -- --host NAME [--at TIME] [--viewer ZONE] [--days N]   of the Presence that runs
npm run slots -- --file CASES.json [--at TIME] [--json]                of given cases

TIME is an instant (2027-03-01T09:00Z) or what the host's clock shows (2027-03-01T09:00).
Without --at, the free starts are listed.`

const options = {
  host: { type: 'string' },
  file: { type: 'string' },
  at: { type: 'string' },
  viewer: { type: 'string' },
  days: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

try {
  const { values } = parseArgs({ options })
  if (values.help || (values.host === undefined) === (values.file === undefined)) {
    console.error(usage)
    process.exitCode = values.help ? 0 : 2
  } else if (values.file !== undefined) {
    const cases = readCases(readFileSync(values.file, 'utf8'))
    if (values.json) console.log(JSON.stringify(cases.map((one) => answer(one, values.at)), null, 2))
    else for (const one of cases) describe(one, values.at)
  } else {
    const days = Number(values.days ?? 7)
    if (!Number.isInteger(days) || days < 1) throw new Error(`--days is "${values.days}", and should be a whole number from 1.`)
    // The host's zone is known only with the host, so a time on the host's clock is read a second time below.
    const around = values.at === undefined ? undefined : momentOf(values.at, 'UTC')
    const { readLiveHost } = await import('./slots/live-host.ts') // the database is not needed for a file
    const { calUsername, ...live } = await readLiveHost(values.host!, days, around)
    if (values.viewer) live.query.viewerTimeZone = values.viewer
    if (calUsername) console.error(`${live.name} is booked through Cal.com (${calUsername}): Cal.com's own calendar decides, and this is what the built-in one would say.\n`)
    if (values.json) console.log(JSON.stringify(answer(live, values.at), null, 2))
    else describe(live, values.at)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function answer({ name, rules, query }: Case, at: string | undefined) {
  if (at === undefined) return { name, starts: freeStarts(rules, query).map((start) => start.toISOString()) }
  const moment = momentOf(at, rules.timeZone)
  return { name, at: moment.toISOString(), reasons: whyNotFree(rules, query, moment) }
}

function describe(one: Case, at: string | undefined): void {
  const { name, rules, query } = one
  if (at !== undefined) {
    const moment = momentOf(at, rules.timeZone)
    const reasons = whyNotFree(rules, query, moment)
    console.log(`${name}: ${moment.toISOString()} is ${reasons.length === 0 ? 'free.' : 'not free.'}`)
    for (const reason of reasons) console.log(`  - ${reason}`)
    return
  }
  const zone = query.viewerTimeZone ?? rules.timeZone
  const byDate = new Map<string, string[]>()
  for (const start of freeStarts(rules, query)) {
    const shown = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(zone)
    const date = shown.toPlainDate().toString()
    byDate.set(date, [...(byDate.get(date) ?? []), shown.toPlainTime().toString({ smallestUnit: 'minute' })])
  }
  console.log(`${name}, on the clock of ${zone}:${byDate.size === 0 ? ' no free start.' : ''}`)
  for (const [date, times] of byDate) console.log(`  ${date}  ${times.join(' ')}`)
}

/** An instant, or a wall time in `timeZone`. Throws a sentence. */
function momentOf(text: string, timeZone: string): Date {
  try {
    const isInstant = /(Z|[+-]\d\d:?\d\d)$/i.test(text)
    const moment = isInstant ? Temporal.Instant.from(text) : Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).toInstant()
    return new Date(moment.epochMilliseconds)
  } catch (error) {
    throw new Error(`--at is "${text}", and should be a time like 2027-03-01T09:00Z or 2027-03-01T09:00.`, { cause: error })
  }
}
