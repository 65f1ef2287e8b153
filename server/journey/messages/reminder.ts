// When a member who has paid and not visited since is reminded: once for each purchase, in the daytime, and
// not where another message goes out anyway.
import { Temporal } from 'temporal-polyfill'
import { addHours } from '../../lib/time.ts'
import { inactiveAfterHours } from '../members/member.ts'

/**
 * Activity is recorded at most once an hour (http/who.ts), so the last visit may be this much later than
 * recorded.
 */
const recordedWithinHours = 1
/** Hours on the member's clock. */
const dayFrom = 9
const dayUntil = 20

/** The facts of one purchase and its member at one moment. */
export type Inactivity = {
  lastActiveAt: Date
  timeZone: string
  /** End of the member's last session ahead, of any purchase; null without one. */
  bookedUntil: Date | null
  /** Ends of validity of this purchase's sessions that have no time. */
  unusedUntil: Date[]
  /** The member has a newer purchase with unused sessions, which is reminded of first. */
  hasNewerUnused: boolean
  /** Pack Expiring is sent this long before the end of validity. */
  warningHours: number
}

/** Send it now, useful until then; look again at that time; or undefined: nothing is left to remind of. */
export type ReminderPlan = { sendUntil: Date } | { lookAgainAt: Date } | undefined

export function planReminder(inactivity: Inactivity, now: Date): ReminderPlan {
  const unused = inactivity.unusedUntil.filter((until) => until > now)
  const [first] = unused.sort((a, b) => a.getTime() - b.getTime())
  if (!first)
    return inactivity.bookedUntil && inactivity.bookedUntil > now
      ? { lookAgainAt: addHours(inactivity.bookedUntil, inactiveAfterHours) }
      : undefined
  const inactiveSince = Math.max(
    addHours(inactivity.lastActiveAt, recordedWithinHours).getTime(),
    inactivity.bookedUntil?.getTime() ?? 0,
  )
  const dueAt = addHours(inactivity.hasNewerUnused ? now : new Date(inactiveSince), inactiveAfterHours)
  const at = byDay(dueAt > now ? dueAt : now, inactivity.timeZone)
  const warnedAt = addHours(first, -inactivity.warningHours)
  if (at >= warnedAt) return undefined
  if (at > now) return { lookAgainAt: at }
  return { sendUntil: earlier(earlier(endOfDay(now, inactivity.timeZone), addHours(now, 1)), warnedAt) }
}

/** `moment`, or the next morning if that is at night. */
function byDay(moment: Date, timeZone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(timeZone)
  if (local.hour >= dayFrom && local.hour < dayUntil) return moment
  const date = local.toPlainDate().add({ days: local.hour < dayFrom ? 0 : 1 })
  return new Date(date.toZonedDateTime({ timeZone, plainTime: { hour: dayFrom } }).epochMilliseconds)
}

function endOfDay(moment: Date, timeZone: string): Date {
  const date = Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
  return new Date(date.toZonedDateTime({ timeZone, plainTime: { hour: dayUntil } }).epochMilliseconds)
}

const earlier = (one: Date, other: Date) => (one < other ? one : other)
