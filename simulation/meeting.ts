// Plays each way in which a scheduled session can end, and answers what the business rules make of it.
import type { Operations } from '../server/journey/operations/operations-view.ts'
import { clockNow, enterRoom } from '../world/outside.ts'
import type { Person } from '../world/person.ts'
import { count } from './history.ts'
import type { SessionPlan } from './plan.ts'
import { cancel, checkReturned } from './changing.ts'
import type { Booked, Play } from './scheduling.ts'
import { ask, waitUntil, isRefusal, seeBooking } from './stage.ts'
import type { JoinAnswer } from '../server/journey/rooms/room-view.ts'
import type { Booking } from '../server/journey/bookings/booking-view.ts'
import { addMinutes, hourMs } from '../server/lib/time.ts'

/** The required result: the session was used, or it was returned to the member. */
export type End = 'held' | 'member_no_show' | 'late_cancellation' | 'came_back'

const at = ({ start }: Booked, minutes: number) => addMinutes(start, minutes)
const sessionMinutes = 10

export async function endSession(play: Play, booked: Booked): Promise<End> {
  switch (play.plan.ending) {
    case 'leave_early':
      return meet(play, booked, 4)
    case 'member_absent':
      await waitAlone(play, booked, play.host.person)
      await waitForState(play, 'completed', 'member_no_show')
      return 'member_no_show'
    case 'host_absent':
      await checkReturned(play, 7, async () => {
        await waitAlone(play, booked, play.member)
        await waitForState(play, 'pending', 'host_no_show')
      })
      play.stage.history.owed.add(`host-no-show:${play.bookingId}:${booked.attempt}:member`)
      return 'came_back'
    case 'both_absent':
      return nobodyComes(play, booked)
    case 'report':
      return report(play, booked)
    case 'cancel_late':
      return cancelLate(play, booked)
    case 'host_cancels_late':
      await play.stage.turns.take({
        label: play.next('the host cancels late'),
        at: at(booked, -play.plan.lateMinutes),
      })
      await checkReturned(play, 7, () => cancel(play, booked, 'host'))
      return 'came_back'
    default:
      return meet(play, booked, 9)
  }
}

/** Both join, and leave together after `minutes`. */
export async function meet(play: Play, booked: Booked, minutes: number): Promise<End> {
  const { stage, bookingId, member, host } = play
  const stays = [await join(play, booked, host.person, -10), await join(play, booked, member, -6)]
  await stage.turns.take({ label: play.next('both leave'), at: at(booked, minutes) })
  for (const stay of stays) await stay.leave()
  if (minutes < sessionMinutes - 1) {
    // Refused while the webhooks about leaving are still under way; the session then ends by itself.
    await ask(stage, member, 'POST', `/api/bookings/${bookingId}/complete`).catch((error: unknown) => {
      if (!isRefusal(error, 'conflict')) throw error
    })
  }
  await stage.turns.take({ label: play.next('is over'), at: at(booked, sessionMinutes + 0.1) })
  await waitForState(play, 'completed', 'held')
  stage.history.owed.add(`session-thank-you:${bookingId}:${booked.attempt}:member`)
  return 'held'
}

async function join(
  play: Play,
  booked: Booked,
  person: Person,
  minutes: number,
): Promise<{ leave: () => Promise<void> }> {
  const { stage, bookingId, member } = play
  await stage.turns.take({
    label: play.next(person === member ? 'the member joins' : 'the host joins'),
    at: at(booked, minutes),
  })
  const { url } = await ask<JoinAnswer>(stage, person, 'POST', `/api/bookings/${bookingId}/join`)
  for (const recipient of ['member', 'host'])
    stage.history.owed.add(`reminder:${bookingId}:${booked.attempt}:${recipient}`)
  return enterRoom(stage.world, url!)
}

/** One person joins, waits six minutes and leaves. */
async function waitAlone(play: Play, booked: Booked, person: Person): Promise<void> {
  const { stage, bookingId } = play
  const stay = await join(play, booked, person, -5)
  await stage.turns.take({ label: play.next('has waited'), at: at(booked, 6) })
  await stay.leave()
  await ask(stage, person, 'POST', `/api/bookings/${bookingId}/leave`)
  await stage.turns.take({ label: play.next('is over'), at: at(booked, sessionMinutes + 0.1) })
}

async function waitForState(
  { stage, member, bookingId, next }: Play,
  state: string,
  outcome: string | null,
): Promise<Booking> {
  let seen: Booking | undefined
  return waitUntil(stage, next(`sees it ${state}`), async () => {
    seen = await seeBooking(stage, member, bookingId)
    if (seen.state !== state || seen.outcome !== outcome)
      throw new Error(`it is ${seen.state}, ${seen.outcome}`)
    return seen
  })
}

async function nobodyComes(play: Play, booked: Booked): Promise<End> {
  const { stage, plan, bookingId } = play
  await stage.turns.take({ label: play.next('nobody comes'), at: at(booked, -8) })
  await stage.turns.take({ label: play.next('nobody has come'), at: at(booked, sessionMinutes + 0.1) })
  await waitForState(play, 'created', 'unknown')
  count(stage.history.causes, 'attendance_unknown')
  await checkReturned(play, 7, () => decide(play, 'attendance_unknown', plan.verdict))
  if (plan.verdict === 'held')
    stage.history.owed.add(`session-thank-you:${bookingId}:${booked.attempt}:member`)
  if (plan.verdict === 'host_absent')
    stage.history.owed.add(`host-no-show:${bookingId}:${booked.attempt}:member`)
  const ends = { held: 'held', member_absent: 'member_no_show', host_absent: 'came_back' } as const
  return ends[plan.verdict]
}

async function report(play: Play, booked: Booked): Promise<End> {
  const { stage, plan, bookingId, member, host } = play
  await join(play, booked, host.person, -5)
  await join(play, booked, member, -3)
  await stage.turns.take({ label: play.next('the member ends it by a report'), at: at(booked, 3) })
  if ((await seeBooking(stage, member, bookingId)).outcome === null) {
    await ask(stage, member, 'POST', `/api/bookings/${bookingId}/report`, {
      text: 'This was not what it should be.',
      endsSession: true,
    })
  }
  await waitForState(play, 'created', 'unknown')
  count(stage.history.causes, 'report', 2) // a retry after a lost answer is a second report of the same
  await stage.turns.take({ label: play.next('an operator has read it'), at: at(booked, 90) })
  const isForHost = plan.verdict !== 'host_absent'
  await checkReturned(play, 7, () =>
    decide(play, 'report', isForHost ? 'decided_for_host' : 'decided_for_member'),
  )
  return isForHost ? 'held' : 'came_back'
}

/** An operator resolves every open task of that kind about this session. */
async function decide(
  play: Play,
  kind: string,
  decision: SessionPlan['verdict'] | 'decided_for_host' | 'decided_for_member',
): Promise<void> {
  const { stage, bookingId } = play
  await stage.turns.take({ label: play.next(`an operator decides ${decision}`) })
  const open = async () =>
    (await ask<Operations>(stage, stage.operator, 'GET', '/api/ops')).tasks.filter(
      (task) => task.kind === kind && task.bookingId === bookingId,
    )
  await waitUntil(stage, play.next('the task is there'), async () => (await open()).length > 0)
  for (const { id } of await open()) {
    await ask(stage, stage.operator, 'POST', `/api/ops/tasks/${id}/resolve`, {
      decision,
      note: 'Asked both.',
    }).catch((error: unknown) => {
      if (!isRefusal(error, 'conflict')) throw error
    })
  }
}

/** The member forfeits the session, unless the host had moved it to this time. */
async function cancelLate(play: Play, booked: Booked): Promise<End> {
  const { stage, plan } = play
  await stage.turns.take({ label: play.next('the member cancels late'), at: at(booked, -plan.lateMinutes) })
  const aheadHours = (booked.start.getTime() - (await clockNow(stage.world)).getTime()) / hourMs
  await checkReturned(play, 0, () => cancel(play, booked, 'member'))
  return booked.isMovedByHost || aheadHours >= 12 ? 'came_back' : 'late_cancellation'
}
