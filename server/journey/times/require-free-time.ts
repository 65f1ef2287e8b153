// Money only for what can happen: a session that must be held with one host is sold only where that host has
// a free time before it expires.
import { Refusal } from '../../lib/errors.ts'
import { addDays, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { Terms } from '../plans/plan.ts'
import { calendarOf } from './calendar.ts'
import { hasHours } from './calendar-rules.ts'
import type { HostRow } from './find-bookable-host.ts'
import { findOfferedTimes } from './find-offered-times.ts'

/**
 * Refuses with host_unavailable. A calendar that does not answer is no reason: what is known later decides,
 * and an unused session is refunded in full.
 */
export async function requireFreeTime(ctx: Context, host: HostRow, terms: Terms): Promise<void> {
  const { sessionMinutes, validDays } = terms
  const name = host.fullName
  if (calendarOf(host) === 'builtin' && !hasHours(host))
    throw new Refusal('host_unavailable', `${name} has no times yet. Please choose another host.`)
  const from = now()
  const starts = await findOfferedTimes(ctx, host, {
    from,
    to: addDays(from, validDays),
    sessionMinutes,
  }).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'calendar_unavailable') return undefined
    throw error
  })
  if (starts?.length === 0)
    throw new Refusal(
      'host_unavailable',
      `${name} has no free time in the next ${validDays} days, so a session with them could not be used. Please choose another host.`,
    )
}
