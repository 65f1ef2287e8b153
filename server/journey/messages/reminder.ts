// When a member who has paid and gone quiet is reminded: once per purchase, by day, and never where something
// else is said anyway.
import { Temporal } from 'temporal-polyfill'
import { addHours } from '../../lib/time.ts'
import { inactiveAfterHours } from '../members/member.ts'

/**
 * Activity is written down at most once an hour (http/who.ts): the last may have been this much later than is
 * known.
 */
const notedWithinHours = 1
/** On the member's own clock. */
const dayFrom = 9
const dayUntil = 20

/** Of one purchase and its member, at one moment. */
export type Quiet = {
  lastActiveAt: Date
  timeZone: string
  /** The end of the member's last session ahead, of any purchase; null without one. */
  bookedUntil: Date | null
  /** The ends of validity of this purchase's sessions that are paid and have no time. */
  unusedUntil: Date[]
  /** The same member has another unused purchase that is newer: that one is spoken of first. */
  hasNewerUnused: boolean
  /** So long before the end of validity Pack Expiring goes out. */
  warningHours: number
}

/** Send it now, of use until then; look again then; or, undefined, there is nothing to remind of any more. */
export type ReminderPlan = { sendUntil: Date } | { lookAgainAt: Date } | undefined

export function planReminder(quiet: Quiet, now: Date): ReminderPlan {
  const unused = quiet.unusedUntil.filter((until) => until > now)
  const [first] = unused.sort((a, b) => a.getTime() - b.getTime())
  if (!first)
    return quiet.bookedUntil && quiet.bookedUntil > now
      ? { lookAgainAt: addHours(quiet.bookedUntil, inactiveAfterHours) }
      : undefined
  const quietSince = Math.max(
    addHours(quiet.lastActiveAt, notedWithinHours).getTime(),
    quiet.bookedUntil?.getTime() ?? 0,
  )
  const quietAt = addHours(quiet.hasNewerUnused ? now : new Date(quietSince), inactiveAfterHours)
  const at = byDay(quietAt > now ? quietAt : now, quiet.timeZone)
  const warnedAt = addHours(first, -quiet.warningHours)
  if (at >= warnedAt) return undefined
  if (at > now) return { lookAgainAt: at }
  return { sendUntil: earlier(earlier(endOfDay(now, quiet.timeZone), addHours(now, 1)), warnedAt) }
}

/** `moment`, or the next morning where it is night. */
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
