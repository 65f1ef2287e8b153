// Giving a session a time, and changing one's mind about it: by the member, by the host, early or late.
import { setTimeout as sleep } from 'node:timers/promises'
import { clockNow } from '../world/outside.ts'
import type { Person } from '../world/person.ts'
import type { Change, SessionPlan } from './plan.ts'
import { ask, comes, isRefusal, seeBooking, type SimulatedHost, type Stage } from './stage.ts'
import type { Slots } from '../server/journey/times/free-times-view.ts'
import type { Booking } from '../server/journey/bookings/booking-view.ts'
import { addDays, addMinutes, dayMs, minuteMs } from '../server/lib/time.ts'

/** One session of one member, as it is played. */
export type Play = {
  stage: Stage
  member: Person
  host: SimulatedHost
  bookingId: string
  plan: SessionPlan
  /** A label of its own for the next turn. */
  next: (what: string) => string
}

export type Booked = { start: Date; attempt: number; isMovedByHost: boolean }

const moveAheadMinutes = 14 * 60
const lost = ['time_taken', 'time_not_offered', 'member_busy', 'host_unavailable']

/** A confirmed time, or undefined where none was to be had while the session is valid. */
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
          stage.history.wrongs.push(
            `${bookingId} may begin until ${validUntil}, and ${start} was refused as too late`,
          )
        return undefined
      }
      if (!isRefusal(error, ...lost, 'already_scheduled', 'conflict')) throw error
    }
    const booked = await settledTime(play)
    if (booked) return { ...booked, isMovedByHost: false }
  }
  return undefined
}

/** Waits until the host's calendar has said yes or no. */
async function settledTime(play: Play): Promise<{ start: Date; attempt: number } | undefined> {
  const { stage, member, bookingId } = play
  const booking = await comes(stage, play.next('waits for the calendar'), async () => {
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

async function freeStart(
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
  // Few are looked at, so that people meet over the same ones.
  return slots[Math.floor(plan.slot * Math.min(slots.length, 5))]?.start
}

/** Answers how the session stands afterwards; undefined where it has no time any more. */
export async function change(play: Play, booked: Booked, what: Change): Promise<Booked | undefined> {
  const { stage } = play
  await stage.turns.take({ label: play.next(what.replaceAll('_', ' ')) })
  const aheadMinutes = (booked.start.getTime() - (await clockNow(stage.world)).getTime()) / minuteMs
  if (aheadMinutes < 12.5 * 60) return booked
  switch (what) {
    case 'member_moves':
      return move(play, booked, play.member, '/api/bookings')
    case 'host_moves':
      return move(play, booked, play.host.person, '/api/host/bookings')
    case 'member_cancels':
    case 'host_cancels':
      await comesBack(play, what === 'member_cancels' ? 0 : 7, () =>
        cancel(play, booked, what === 'member_cancels' ? 'member' : 'host'),
      )
      return book(play)
    case 'host_cancels_in_calendar':
      await comesBack(play, 7, () => cancelInCalendar(play, booked))
      return book(play)
    case 'both_cancel':
      await Promise.all([cancel(play, booked, 'member'), cancel(play, booked, 'host')])
      return book(play)
    case 'move_meets_cancel':
      return moveMeetsCancel(play, booked)
  }
}

/**
 * What comes back because of the host is valid for seven days longer, and its money is offered back; else it
 * stays as it was.
 */
export async function comesBack<Result>(
  { stage, member, bookingId }: Play,
  days: 0 | 7,
  act: () => Promise<Result>,
): Promise<Result> {
  const before = await seeBooking(stage, member, bookingId)
  const result = await act()
  const after = await seeBooking(stage, member, bookingId)
  const longerMs = Date.parse(after.validUntil) - Date.parse(before.validUntil)
  // A decision that comes after its validity begins to count then.
  const isSo =
    longerMs === days * dayMs ||
    (days > 0 &&
      longerMs > days * dayMs &&
      Date.parse(after.validUntil) <= (await clockNow(stage.world)).getTime() + days * dayMs)
  if (after.state === 'pending' && !isSo)
    stage.history.wrongs.push(
      `${bookingId} came back and is valid ${longerMs / dayMs} days longer, not ${days}`,
    )
  if (after.state === 'pending' && days > 0 && !after.isRefundOffered)
    stage.history.wrongs.push(`${bookingId} came back because of the host, and its money is not offered back`)
  return result
}

/** In Cal.com itself, where the host is booked there: it is heard of by a webhook, or found by looking. */
async function cancelInCalendar(play: Play, booked: Booked): Promise<void> {
  const { stage, member, bookingId, next } = play
  const { calBookingUrl } = await seeBooking(stage, member, bookingId)
  if (!calBookingUrl) return void (await cancel(play, booked, 'host'))
  const answer = await fetch(
    `${stage.world.sandboxUrl}/_sandbox/calcom/bookings/${calBookingUrl.split('/').at(-1)}/cancel`,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
  )
  if (!answer.ok) throw new Error(`Cal.com would not cancel: ${await answer.text()}`)
  await comes(
    stage,
    next('hears of it'),
    async () => (await seeBooking(stage, member, bookingId)).state === 'pending',
  )
  for (const recipient of ['member', 'host'])
    stage.history.owed.add(`session-cancelled:${bookingId}:${booked.attempt}:${recipient}`)
}

/** The member moves it in the moment in which the host cancels: one of the two is what has happened. */
async function moveMeetsCancel(play: Play, booked: Booked): Promise<Booked | undefined> {
  const start = await freeStart(play, moveAheadMinutes)
  if (!start) return booked
  const { stage, member, host, bookingId } = play
  const outcomes = await Promise.allSettled([
    ask(stage, member, 'POST', `/api/bookings/${bookingId}/reschedule`, { start }),
    ask(stage, host.person, 'POST', `/api/host/bookings/${bookingId}/cancel`),
  ])
  for (const outcome of outcomes) {
    const isLived =
      outcome.status === 'fulfilled' ||
      isRefusal(outcome.reason, ...lost, 'session_expired', 'too_late_to_move', 'conflict', 'not_scheduled')
    if (!isLived) throw outcome.reason
  }
  const now = await settledTime(play)
  return now ? { ...now, isMovedByHost: false } : book(play)
}

async function move(play: Play, booked: Booked, person: Person, path: string): Promise<Booked | undefined> {
  const { stage, member, bookingId } = play
  const start = await freeStart(play, moveAheadMinutes)
  if (!start || start === booked.start.toISOString()) return booked
  try {
    if ((await seeBooking(stage, member, bookingId)).attempt === booked.attempt)
      await ask(stage, person, 'POST', `${path}/${bookingId}/reschedule`, { start })
  } catch (error) {
    if (!isRefusal(error, ...lost, 'session_expired', 'too_late_to_move', 'conflict', 'not_scheduled'))
      throw error
  }
  const now = await settledTime(play)
  if (!now) return book(play)
  const hasMoved = now.start.toISOString() === start
  return { ...now, isMovedByHost: hasMoved ? path.includes('/host/') : booked.isMovedByHost }
}

/** Cancels, once, and answers the session as it is then. */
export async function cancel(play: Play, booked: Booked, by: 'member' | 'host'): Promise<Booking> {
  const { stage, member, bookingId } = play
  const isDone = ({ state, attempt }: Booking) => state !== 'created' || attempt !== booked.attempt
  if (!isDone(await seeBooking(stage, member, bookingId))) {
    const path =
      by === 'member' ? `/api/bookings/${bookingId}/cancel` : `/api/host/bookings/${bookingId}/cancel`
    await ask(stage, by === 'member' ? member : play.host.person, 'POST', path).catch(
      async (error: unknown) => {
        // The first answer was lost, and the second one says that it is done.
        if (!isRefusal(error, 'not_scheduled')) throw error
      },
    )
  }
  for (const recipient of ['member', 'host'])
    stage.history.owed.add(`session-cancelled:${bookingId}:${booked.attempt}:${recipient}`)
  return seeBooking(stage, member, bookingId)
}
