// A refusal because a time is gone comes with the nearest times that are free.
import { Refusal } from '../../lib/errors.ts'
import { addDays, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { readTerms } from '../plans/terms.ts'
import { isBookable } from './find-bookable-host.ts'
import { findOfferedTimes } from './find-offered-times.ts'

const maxTimes = 5
const cachedMs = 2_000
const recent = new Map<string, { askedAt: number; times: Promise<string[]> }>()

/** The time that was chosen for a session. The session's length and the zone decide what is free near it. */
export type ChosenTime = { hostId: string; bookingId: string; start: Date; timeZone?: string }

/** Runs `act`. A refusal because the time is gone gets the nearest free times as `nearest`. */
export async function offerNearestTimes<Result>(
  ctx: Context,
  chosen: ChosenTime,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refusal) || (error.code !== 'time_taken' && error.code !== 'time_not_offered'))
      throw error
    throw new Refusal(error.code, error.message, {
      ...error.details,
      nearest: await findNearestTimes(ctx, chosen),
    })
  }
}

/**
 * Cached for a moment: many lose the same time at once, and one answer serves all whose sessions last as
 * long.
 */
async function findNearestTimes(ctx: Context, chosen: ChosenTime): Promise<string[]> {
  const bought = await ctx.db
    .selectFrom('bookings')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .select('terms')
    .where('bookings.id', '=', chosen.bookingId)
    .executeTakeFirst()
  if (!bought) return []
  const { sessionMinutes } = readTerms(bought.terms)
  const key = `${chosen.hostId}:${chosen.start.getTime()}:${sessionMinutes}:${chosen.timeZone ?? ''}`
  const time = now().getTime()
  const known = recent.get(key)
  if (known && Math.abs(time - known.askedAt) < cachedMs) return known.times
  for (const [old, { askedAt }] of recent) if (Math.abs(time - askedAt) >= cachedMs) recent.delete(old)
  const times = findNow(ctx, chosen, sessionMinutes)
  recent.set(key, { askedAt: time, times })
  return times
}

async function findNow(
  ctx: Context,
  { hostId, start, timeZone }: ChosenTime,
  sessionMinutes: number,
): Promise<string[]> {
  const host = await ctx.db.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirst()
  if (!host || !isBookable(host)) return []
  const around = start > now() ? start : now()
  try {
    const free = await findOfferedTimes(ctx, host, {
      from: addDays(around, -2),
      to: addDays(around, 7),
      sessionMinutes,
      ...(timeZone ? { viewerTimeZone: timeZone } : {}),
    })
    const distance = (time: Date) => Math.abs(time.getTime() - start.getTime())
    const nearest = free.sort((a, b) => distance(a) - distance(b)).slice(0, maxTimes)
    return nearest.sort((a, b) => a.getTime() - b.getTime()).map((time) => time.toISOString())
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}
