// What members would be offered with these hours: the same engine and the same bookings, nothing is saved.
import type { Db } from '../../db/client.ts'
import { Refusal } from '../../lib/errors.ts'
import { addDays, now } from '../../lib/time.ts'
import { sessionMinutes } from '../plans/plan.ts'
import { freeStarts } from './availability.ts'
import { checkWeekly } from './check-weekly.ts'
import { readTakenTimes } from './read-taken-times.ts'
import type { NewHours, Preview } from './hours-view.ts'

const previewDays = 14

/** The free starts of the next two weeks. Refuses with invalid_input, as saving does. */
export async function findPreview(db: Db, hostId: string, hours: NewHours): Promise<Preview> {
  const problems = checkWeekly(hours)
  if (problems.length > 0) throw new Refusal('invalid_input', problems.join(' '))
  const time = now()
  const to = addDays(time, previewDays)
  const [taken] = await readTakenTimes(db, [{ id: hostId, ...hours }], {
    from: addDays(time, -1),
    to: addDays(to, 1),
  })
  const starts = freeStarts(
    { ...hours, eventMinutes: sessionMinutes, maximumPerDay: hours.maximumPerDay ?? null },
    { from: time, to, now: time, ...taken! },
  )
  return { starts: starts.map((start) => start.toISOString()) }
}
