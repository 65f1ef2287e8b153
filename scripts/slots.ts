// npm run slots: when can this host be booked, and why is this time not free?
import { parseArgs } from 'node:util'
import { freeStarts } from '../server/journey/times/availability.ts'
import { whyNotFree } from '../server/journey/times/why-not-free.ts'
import { addDays } from '../server/lib/time.ts'
import { readCaseFile, type Case } from './slots/cases.ts'
import { explain, reasonsBeside, type CalcomAnswer } from './slots/explain.ts'
import { momentOf, stretchOf } from './slots/moments.ts'
import { linesOf } from './slots/say.ts'

const usage = `npm run slots -- --host ID [--from TIME] [--to TIME | --days N] [--viewer ZONE]   of the Presence that runs
npm run slots -- --host ID --at TIME                                              one time alone
npm run slots -- --file CASES.json [--at TIME] [--json]                           of given cases

Prints the free starts, and for each other time the reasons why it is not free.
ID is a host's id or a part of the name. TIME is an instant (2027-03-01T09:00Z), what the host's clock shows
(2027-03-01T09:00) or a date. Without --from it is now, without --to seven days later.`

const options = {
  host: { type: 'string' },
  file: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  at: { type: 'string' },
  viewer: { type: 'string' },
  days: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

try {
  const { values } = parseArgs({ options })
  if (values.help || (values.host === undefined) === (values.file === undefined)) {
    console[values.help ? 'log' : 'error'](usage)
    process.exitCode = values.help ? 0 : 2
  } else if (values.file !== undefined) {
    const cases = readCaseFile(values.file)
    const answers = cases.map((one) =>
      values.json ? bare(one, values.at) : described(one, values.at).join('\n'),
    )
    console.log(values.json ? JSON.stringify(answers, null, 2) : answers.join('\n\n'))
  } else {
    const { readLiveHost } = await import('./slots/live-host.ts') // the database is not needed for a file
    const { one, calcomAnswer } = await readLiveHost(values.host!, (timeZone, now) => {
      if (values.at === undefined) return stretchOf(values, timeZone, now)
      const at = momentOf('--at', values.at, timeZone)
      return { from: at, to: addDays(at, 1) }
    })
    if (values.viewer) one.query.viewerTimeZone = values.viewer
    if (calcomAnswer === null)
      throw new Error(
        `${one.name} is booked through Cal.com, which has not been read yet. Look again in a minute.`,
      )
    if (calcomAnswer)
      console.error(
        `${one.name} is booked through Cal.com (${calcomAnswer.username}). This is what it said at ${calcomAnswer.readAt.toISOString()}.\n`,
      )
    console.log(
      values.json
        ? JSON.stringify(whole(one, values.at, calcomAnswer), null, 2)
        : described(one, values.at, calcomAnswer).join('\n'),
    )
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function bare(one: Case, at: string | undefined) {
  return at === undefined ? { name: one.name, starts: freeStarts(one.rules, one.query) } : whole(one, at)
}

function whole(one: Case, at: string | undefined, calcomAnswer?: CalcomAnswer) {
  const { name } = one
  if (at !== undefined)
    return { name, at: momentOf('--at', at, one.rules.timeZone), reasons: reasonsFor(one, at, calcomAnswer) }
  const { free, refused } = explain(one, calcomAnswer)
  return { name, starts: free, notFree: refused }
}

function reasonsFor(one: Case, at: string, calcomAnswer?: CalcomAnswer): string[] {
  const time = momentOf('--at', at, one.rules.timeZone)
  if (!calcomAnswer) return whyNotFree(one.rules, one.query, time)
  return explain({ ...one, query: { ...one.query, from: time } }, calcomAnswer).free[0]?.getTime() ===
    time.getTime()
    ? []
    : reasonsBeside(one, time, calcomAnswer)
}

function described(one: Case, at: string | undefined, calcomAnswer?: CalcomAnswer): string[] {
  if (at === undefined) return linesOf(one, explain(one, calcomAnswer))
  const reasons = reasonsFor(one, at, calcomAnswer)
  const moment = momentOf('--at', at, one.rules.timeZone).toISOString()
  return [
    `${one.name}: ${moment} is ${reasons.length === 0 ? 'free.' : 'not free.'}`,
    ...reasons.map((reason) => `  - ${reason}`),
  ]
}
