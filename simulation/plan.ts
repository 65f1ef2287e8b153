// Draws what each person will do before anything happens: the same seed draws the same journeys.
import type { PlanType } from '../server/journey/plans/plan.ts'
import { randomOf, type Random } from './random.ts'

const payments = {
  card: 10,
  slow_refund_card: 2,
  declined_then_card: 2,
  authenticated: 1,
  bank_debit: 1,
  dispute_won: 1,
  dispute_lost: 1,
  abandons: 1,
  declined: 1,
  bank_debit_fails: 1,
}
export type Payment = keyof typeof payments

const endings = {
  meet: 8,
  leave_early: 2,
  member_absent: 2,
  host_absent: 2,
  both_absent: 2,
  report: 1,
  cancel_late: 2,
  host_cancels_late: 1,
  refund: 2,
  unused: 1,
}
type Ending = keyof typeof endings

const reinstatements = { at_once: 2, in_parts: 1, withdrawn_again: 1 }
/** How the money of a won dispute comes back. */
export type Reinstatement = keyof typeof reinstatements

const changes = {
  member_moves: 3,
  host_moves: 3,
  member_cancels: 2,
  host_cancels: 2,
  host_cancels_in_calendar: 2,
  both_cancel: 1,
  move_meets_cancel: 2,
}
export type Change = keyof typeof changes

const followUps = { book_again: 3, refund: 2, let_expire: 1 }
/** What a member does with a session that was returned. */
type FollowUp = keyof typeof followUps

const verdicts = { held: 1, member_absent: 1, host_absent: 1 }

export type SessionPlan = {
  /** Index into the hosts of the simulation. */
  host: number
  /** How far ahead the member looks, and which of the offered times they choose (0 to 1). */
  leadMinutes: number
  slot: number
  /** Whether the member double-clicks. */
  isHasty: boolean
  changes: Change[]
  ending: Ending
  /** How long before the start a late act happens. */
  lateMinutes: number
  followUp: FollowUp
  /** The operator's decision, where one is needed. */
  verdict: keyof typeof verdicts
  memberLikes: boolean
  hostLikes: boolean
}

export type JourneyPlan = {
  name: string
  beginsAfterMinutes: number
  plan: PlanType
  payment: Payment
  /** Where a dispute is won: how its money comes back, days after the decision. */
  reinstatement: Reinstatement
  sessions: SessionPlan[]
  /**
   * Share of a delivered session that is refunded as goodwill, 0 to 1.
   * `isGoodwillByHand`: in Stripe's dashboard.
   */
  goodwill: number
  isGoodwillByHand: boolean
}

const hostCount = 3

export function planJourneys(seed: number, count: number): JourneyPlan[] {
  return Array.from({ length: count }, (_, index) => planJourney(randomOf(`${seed}:journey ${index}`), index))
}

function planJourney(random: Random, index: number): JourneyPlan {
  const payment = random.weighted(payments)
  const isDisputed = payment === 'dispute_won' || payment === 'dispute_lost'
  const plan = !isDisputed && random.chance(0.45) ? 'Weekly' : 'Adhoc'
  const sessions = Array.from({ length: plan === 'Weekly' ? 3 : 1 }, () =>
    planSession(random, plan === 'Weekly'),
  )
  return {
    name: nameOf(index),
    beginsAfterMinutes: random.whole(0, 36 * 60),
    plan,
    payment,
    // While a dispute is open the bank decides, so members and operators change nothing.
    sessions: isDisputed
      ? sessions.map((one) => ({ ...one, changes: [], ending: random.chance(0.7) ? 'meet' : 'unused' }))
      : sessions,
    goodwill: !isDisputed && random.chance(0.3) ? random.pick([0.1, 0.333, 0.5, 1]) : 0,
    // A refund of a pack in the dashboard uses up unused sessions first, so its effect cannot be planned.
    isGoodwillByHand: plan === 'Adhoc' && random.chance(0.5),
    reinstatement: random.weighted(reinstatements),
  }
}

function planSession(random: Random, hasLittleTime: boolean): SessionPlan {
  const drawn = random.chance(0.3)
    ? [random.weighted(changes), ...(random.chance(0.25) ? [random.weighted(changes)] : [])]
    : []
  const isLong = drawn.length > 0 || random.chance(0.4)
  return {
    host: random.whole(0, hostCount - 1),
    leadMinutes: isLong ? random.whole(16 * 60, (hasLittleTime ? 36 : 80) * 60) : random.whole(75, 9 * 60),
    slot: random.next(),
    isHasty: random.chance(0.2),
    changes: drawn,
    ending: random.weighted(endings),
    lateMinutes: random.whole(20, 11 * 60),
    followUp: random.weighted(followUps),
    verdict: random.weighted(verdicts),
    memberLikes: random.chance(0.3),
    hostLikes: random.chance(0.3),
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** A unique name without digits: digits would look like a code in an SMS. */
function nameOf(index: number): string {
  const first = ['Kim', 'Lou', 'Sam', 'Ada', 'Max', 'Eva', 'Tom', 'Ida'][index % 8]!
  return `${first} ${letters[Math.floor(index / 26) % 26]}${letters[index % 26]!.toLowerCase()}stone`
}
