// Plays booking a time: the member chooses one, and the host's calendar confirms it.
import { setTimeout as sleep } from 'node:timers/promises'
import { addDays, addMinutes } from '../server/lib/time.ts'
import { clockNow } from '../world/outside.ts'
import type { Person } from '../world/person.ts'
import type { SessionPlan } from './plan.ts'
import { ask, waitUntil, isRefusal, seeBooking, type SimulatedHost, type Stage } from './stage.ts'
import type { Slots } from '../server/journey/times/free-times-view.ts'

/** One session of one member while it is played. */
export type Play = {
  stage: Stage
  member: Person
  host: SimulatedHost
  bookingId: string
  plan: SessionPlan
  /** Makes a unique label for the next turn. */
  next: (what: string) => string
}

export type Booked = { start: Date; attempt: number; isMovedByHost: boolean }

/** Refusals of a start that somebody else has, or that is gone. */
export const refusalsOfStart = ['time_taken', 'time_not_offered', 'member_busy', 'host_unavailable']

/**
 * Books a time and answers it once confirmed; undefined where none was to be had while the session is valid.
 */
export async function book(play: Play, leadMinutes = play.plan.leadMinutes): Promise<Booked | undefined> {
  const { stage, member, host, bookingId, plan } = play
  for (let tries = 1; tries <= 6; tries++) {
    await stage.turns.take({ label: play.next('chooses a time') })
    const start = await freeStart(play, leadMinutes + (tries - 1) * 30)
    if (!start) return undefined
    const choose = async () => {
      if ((await seeBooking(stage, member, bookingId)).state !== 'pending') return
      await ask(stage, member, 'POST', '/functions/v1/calcom-create-booking', {
        bookingId,
        hostId: host.id,
        start,
      })
    }
    try {
      if (plan.isHasty) await Promise.allSettled([choose(), choose()])
      await choose()
    } catch (error) {
      if (isRefusal(error, 'session_expired')) {
        const { validUntil } = await seeBooking(stage, member, bookingId)
        if (start < validUntil)
          stage.history.violations.push(
            `${bookingId} may begin until ${validUntil}, and ${start} was refused as too late`,
          )
        return undefined
      }
      if (!isRefusal(error, ...refusalsOfStart, 'already_scheduled', 'conflict')) throw error
    }
    const booked = await settledTime(play)
    if (booked) return { ...booked, isMovedByHost: false }
  }
  return undefined
}

/** Waits until the host's calendar has confirmed or refused the time. */
export async function settledTime(play: Play): Promise<{ start: Date; attempt: number } | undefined> {
  const { stage, member, bookingId } = play
  const booking = await waitUntil(stage, play.next('waits for the calendar'), async () => {
    for (const until = Date.now() + 40_000; Date.now() < until; await sleep(250)) {
      const seen = await seeBooking(stage, member, bookingId)
      if (seen.state !== 'created' || seen.calendarStatus === 'confirmed') return seen
    }
    return undefined
  })
  if (booking.state !== 'created') return undefined
  for (const recipient of ['member', 'host'])
    stage.history.owed.add(`booked:${bookingId}:${booking.attempt}:${recipient}`)
  return { start: new Date(booking.start!), attempt: booking.attempt }
}

export async function freeStart(
  { stage, member, host, plan }: Play,
  leadMinutes: number,
): Promise<string | undefined> {
  const from = addMinutes(await clockNow(stage.world), leadMinutes)
  const to = addDays(from, 1)
  const { slots } = await ask<Slots>(
    stage,
    member,
    'GET',
    `/api/hosts/${host.id}/slots?from=${from.toISOString()}&to=${to.toISOString()}`,
  )
  // Only the first few are considered, so that members compete for the same ones.
  return slots[Math.floor(plan.slot * Math.min(slots.length, 5))]?.start
}
