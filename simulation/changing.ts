// Plays changing one's mind about a booked time: by the member, by the host, early or late.
import type { Booking } from '../server/journey/bookings/booking-view.ts'
import { dayMs, minuteMs } from '../server/lib/time.ts'
import { calUidOf, clockNow } from '../world/outside.ts'
import type { Person } from '../world/person.ts'
import type { Change } from './plan.ts'
import { type Booked, book, freeStart, type Play, refusalsOfStart, settledTime } from './scheduling.ts'
import { ask, isRefusal, seeBooking, waitUntil } from './stage.ts'

const moveAheadMinutes = 14 * 60

/** Answers the time after the change; undefined where the session has none any more. */
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
      await checkReturned(play, what === 'member_cancels' ? 0 : 7, () =>
        cancel(play, booked, what === 'member_cancels' ? 'member' : 'host'),
      )
      return book(play)
    case 'host_cancels_in_calendar':
      await checkReturned(play, 7, () => cancelInCalendar(play, booked))
      return book(play)
    case 'both_cancel':
      await Promise.all([cancel(play, booked, 'member'), cancel(play, booked, 'host')])
      return book(play)
    case 'move_meets_cancel':
      return moveMeetsCancel(play, booked)
  }
}

/**
 * Runs `act` and checks the session's validity afterwards: a session returned because of the host is valid
 * for seven days longer and its refund is offered; otherwise nothing changes.
 */
export async function checkReturned<Result>(
  { stage, member, bookingId }: Play,
  days: 0 | 7,
  act: () => Promise<Result>,
): Promise<Result> {
  const before = await seeBooking(stage, member, bookingId)
  const result = await act()
  const after = await seeBooking(stage, member, bookingId)
  const longerMs = Date.parse(after.validUntil) - Date.parse(before.validUntil)
  // A decision after the validity ended counts its seven days from then.
  const isSo =
    longerMs === days * dayMs ||
    (days > 0 &&
      longerMs > days * dayMs &&
      Date.parse(after.validUntil) <= (await clockNow(stage.world)).getTime() + days * dayMs)
  if (after.state === 'pending' && !isSo)
    stage.history.violations.push(
      `${bookingId} came back and is valid ${longerMs / dayMs} days longer, not ${days}`,
    )
  if (after.state === 'pending' && days > 0 && !after.isRefundOffered)
    stage.history.violations.push(
      `${bookingId} came back because of the host, and its money is not offered back`,
    )
  return result
}

/** The host cancels in Cal.com itself, which we learn by a webhook or by polling. */
async function cancelInCalendar(play: Play, booked: Booked): Promise<void> {
  const { stage, member, bookingId, next } = play
  const uid = await calUidOf(stage.world, await seeBooking(stage, member, bookingId))
  if (!uid) return void (await cancel(play, booked, 'host'))
  const answer = await fetch(`${stage.world.sandboxUrl}/_sandbox/calcom/bookings/${uid}/cancel`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  if (!answer.ok) throw new Error(`Cal.com would not cancel: ${await answer.text()}`)
  await waitUntil(
    stage,
    next('hears of it'),
    async () => (await seeBooking(stage, member, bookingId)).state === 'pending',
  )
  for (const recipient of ['member', 'host'])
    stage.history.owed.add(`session-cancelled:${bookingId}:${booked.attempt}:${recipient}`)
}

/** The member moves the session while the host cancels it: exactly one of the two must have happened. */
async function moveMeetsCancel(play: Play, booked: Booked): Promise<Booked | undefined> {
  const start = await freeStart(play, moveAheadMinutes)
  if (!start) return booked
  const { stage, member, host, bookingId } = play
  const outcomes = await Promise.allSettled([
    ask(stage, member, 'POST', `/api/bookings/${bookingId}/reschedule`, { start }),
    ask(stage, host.person, 'POST', `/api/host/bookings/${bookingId}/cancel`),
  ])
  for (const outcome of outcomes) {
    const isExpected =
      outcome.status === 'fulfilled' ||
      isRefusal(
        outcome.reason,
        ...refusalsOfStart,
        'session_expired',
        'too_late_to_move',
        'conflict',
        'not_scheduled',
      )
    if (!isExpected) throw outcome.reason
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
    if (
      !isRefusal(
        error,
        ...refusalsOfStart,
        'session_expired',
        'too_late_to_move',
        'conflict',
        'not_scheduled',
      )
    )
      throw error
  }
  const now = await settledTime(play)
  if (!now) return book(play)
  const hasMoved = now.start.toISOString() === start
  return { ...now, isMovedByHost: hasMoved ? path.includes('/host/') : booked.isMovedByHost }
}

/** Cancels the attempt at most once, and answers the session afterwards. */
export async function cancel(play: Play, booked: Booked, by: 'member' | 'host'): Promise<Booking> {
  const { stage, member, bookingId } = play
  const isDone = ({ state, attempt }: Booking) => state !== 'created' || attempt !== booked.attempt
  if (!isDone(await seeBooking(stage, member, bookingId))) {
    const path =
      by === 'member' ? `/api/bookings/${bookingId}/cancel` : `/api/host/bookings/${bookingId}/cancel`
    await ask(stage, by === 'member' ? member : play.host.person, 'POST', path).catch(
      async (error: unknown) => {
        // The first answer was lost, and the retry finds it cancelled.
        if (!isRefusal(error, 'not_scheduled')) throw error
      },
    )
  }
  for (const recipient of ['member', 'host'])
    stage.history.owed.add(`session-cancelled:${bookingId}:${booked.attempt}:${recipient}`)
  return seeBooking(stage, member, bookingId)
}
