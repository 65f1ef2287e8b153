// Plays one person's planned journey: buying, booking, meeting, and what happens to unused sessions.
import type { Me } from '../server/journey/members/member-view.ts'
import { newId } from '../server/lib/ids.ts'
import { addHours, addMinutes } from '../server/lib/time.ts'
import { clockNow } from '../world/outside.ts'
import { Person } from '../world/person.ts'
import { type Bought, buy } from './buying.ts'
import { count, type Expected } from './history.ts'
import { endSession, meet } from './meeting.ts'
import type { JourneyPlan, Reinstatement } from './plan.ts'
import { change } from './changing.ts'
import { book, type Booked, type Play } from './scheduling.ts'
import { ask, consent, waitUntil, isRefusal, seeBooking, signIn, type Stage } from './stage.ts'

export async function playJourney(stage: Stage, plan: JourneyPlan, mobileNumber: string): Promise<void> {
  const { turns, history } = stage
  const label = labels(plan.name)
  await turns.take({
    label: label('signs in'),
    at: addMinutes(await clockNow(stage.world), plan.beginsAfterMinutes),
  })
  const member = new Person(stage.world, mobileNumber)
  await signIn(stage, member)
  await ask(stage, member, 'PATCH', '/api/me', { fullName: plan.name, timeZone: 'Australia/Melbourne' })
  await consent(stage, member)
  const { member: me } = await ask<Me>(stage, member, 'GET', '/api/me')
  history.owed.add(`welcome:${me!.id}`)
  await turns.take({ label: label('buys') })
  const bought = await buy(stage, label('buys'), member, stage.hosts[plan.sessions[0]!.host]!.id, plan)
  if (!bought) return
  await turns.together(
    bought.bookingIds.map((bookingId, index) => () => {
      const session = plan.sessions[index]!
      const next = labels(`${plan.name}, session ${index + 1}`)
      return playSession(
        { stage, member, bookingId, plan: session, host: stage.hosts[session.host]!, next },
        bought,
        me!.id,
      )
    }),
  )
  if (plan.payment === 'dispute_won' || plan.payment === 'dispute_lost')
    await endDispute(stage, label, bought, plan)
  else if (plan.goodwill > 0) await refundGoodwill(stage, label, bought, plan)
}

function labels(name: string): (what: string) => string {
  let step = 0
  return (what) => `${name}, ${String(++step).padStart(2, '0')}: ${what}`
}

async function playSession(play: Play, bought: Bought, memberId: string): Promise<void> {
  const { stage, plan, bookingId } = play
  const { amountCents } = await seeBooking(stage, play.member, bookingId)
  const expect = (end: Pick<Expected, 'state' | 'outcome'> & { refundedCents?: number }) =>
    void stage.history.expected.set(bookingId, {
      bookingId,
      purchaseId: bought.purchaseId,
      amountCents,
      refundedCents: 0,
      ...end,
    })
  const refund = async () =>
    (await askForRefund(play))
      ? expect({ state: 'cancelled', refundedCents: amountCents })
      : expect({ state: 'expired' })
  if (plan.ending === 'unused') return expect({ state: 'expired' })
  if (plan.ending === 'refund') return refund()
  let booked: Booked | undefined = await book(play)
  for (const what of plan.changes) booked &&= await change(play, booked, what)
  if (!booked) return expect({ state: 'expired' })
  let end = await endSession(play, booked)
  if (end === 'came_back' && plan.followUp === 'book_again') {
    const again = await book(play, 90)
    if (again) end = await meet(play, again, 9)
  }
  if (end === 'came_back') return plan.followUp === 'refund' ? refund() : expect({ state: 'expired' })
  expect({ state: 'completed', outcome: end })
  await like(play, memberId)
}

/** Answers whether a refund was still possible. */
async function askForRefund({ stage, member, bookingId, next }: Play): Promise<boolean> {
  await stage.turns.take({ label: next('asks for the money back') })
  const before = await seeBooking(stage, member, bookingId)
  if (before.state === 'pending') {
    await ask(stage, member, 'POST', `/api/bookings/${bookingId}/refund`).catch(async (error: unknown) => {
      if (!isRefusal(error, 'not_refundable')) throw error
      const { state } = await seeBooking(stage, member, bookingId)
      const isValid = Date.parse(before.validUntil) > (await clockNow(stage.world)).getTime()
      if (state === 'pending' && isValid)
        stage.history.violations.push(
          `the money of ${bookingId} was not given back, although it is unused and valid until ${before.validUntil}`,
        )
    })
  }
  return (await seeBooking(stage, member, bookingId)).state === 'cancelled'
}

async function like({ stage, member, host, plan, next }: Play, memberId: string): Promise<void> {
  if (!plan.memberLikes && !plan.hostLikes) return
  await stage.turns.take({ label: next('likes') })
  if (plan.memberLikes) await ask(stage, member, 'POST', `/api/hosts/${host.id}/like`)
  if (plan.hostLikes) await ask(stage, host.person, 'POST', `/api/host/members/${memberId}/like`)
}

/**
 * An operator refunds a part of the first delivered session: through our page, twice
 * with the same id, or in Stripe's dashboard.
 */
async function refundGoodwill(
  stage: Stage,
  label: (what: string) => string,
  bought: Bought,
  { goodwill, isGoodwillByHand }: JourneyPlan,
): Promise<void> {
  const delivered = bought.bookingIds
    .map((id) => stage.history.expected.get(id))
    .find((one) => one?.state === 'completed')
  if (!delivered) return
  await stage.turns.take({ label: label('an operator gives money back') })
  const amountCents = Math.max(1, Math.floor(delivered.amountCents * goodwill))
  if (isGoodwillByHand) {
    const charge = (await chargesAndDisputes(stage)).charges.find(
      (one) => one.metadata['purchase_id'] === bought.purchaseId && one.paid,
    )
    await controlStripe(stage, `charges/${charge!.id}/refund`, { amountCents })
  } else {
    const wanted = { bookingId: delivered.bookingId, amountCents, reason: 'Goodwill', refundId: newId() }
    for (let times = 0; times < 2; times++)
      await ask(stage, stage.operator, 'POST', `/api/ops/purchases/${bought.purchaseId}/refund`, wanted)
  }
  stage.history.expected.set(delivered.bookingId, { ...delivered, refundedCents: amountCents })
}

type AtStripe = {
  charges: { id: string; paid: boolean; metadata: Record<string, string> }[]
  disputes: { id: string; charge: string }[]
}

/** Read from the sandbox's console, which no fault affects. */
async function chargesAndDisputes({ world }: Stage): Promise<AtStripe> {
  const all = (await (
    await fetch(`${world.sandboxUrl}/_sandbox/documents?limit=10000&prefix=stripe.`)
  ).json()) as Record<string, never[]>
  return { charges: all['stripe.charge'] ?? [], disputes: all['stripe.dispute'] ?? [] }
}

/** Acts in Stripe's dashboard or as the member's bank. */
async function controlStripe({ world }: Stage, path: string, body: object): Promise<void> {
  const answer = await fetch(`${world.sandboxUrl}/_sandbox/stripe/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} was refused: ${await answer.text()}`)
}

/**
 * The member's bank decides the dispute. Where it is lost, unused sessions are cancelled.
 */
async function endDispute(
  stage: Stage,
  label: (what: string) => string,
  bought: Bought,
  { payment, reinstatement }: JourneyPlan,
): Promise<void> {
  const isLost = payment === 'dispute_lost'
  count(stage.history.causes, 'dispute')
  const dispute = await waitUntil(stage, label('the bank disputes it'), async () => {
    const { charges, disputes } = await chargesAndDisputes(stage)
    const charge = charges.find((one) => one.metadata['purchase_id'] === bought.purchaseId)
    return disputes.find((one) => one.charge === charge?.id)
  })
  await stage.turns.take({
    label: label('the bank decides'),
    at: addHours(await clockNow(stage.world), 26),
  })
  await controlStripe(stage, `disputes/${dispute.id}`, { outcome: isLost ? 'lost' : 'won' })
  if (!isLost) return reinstate(stage, label, bought, dispute.id, reinstatement)
  for (const bookingId of bought.bookingIds) {
    const before = stage.history.expected.get(bookingId)
    if (before?.state === 'expired') stage.history.expected.set(bookingId, { ...before, state: 'cancelled' })
  }
}

/**
 * The money of a won dispute comes back by itself two days later; perhaps a part of it earlier, or it is
 * withdrawn again for a day.
 */
async function reinstate(
  stage: Stage,
  label: (what: string) => string,
  bought: Bought,
  disputeId: string,
  how: Reinstatement,
): Promise<void> {
  if (how === 'at_once') return
  const takeHours = async (what: string, hours: number) =>
    stage.turns.take({ label: label(what), at: addHours(await clockNow(stage.world), hours) })
  const funds = (body: object) => controlStripe(stage, `disputes/${disputeId}/funds`, body)
  await takeHours('the bank returns a part', 20)
  await funds({ amountCents: Math.floor(bought.amountCents / 3) })
  if (how === 'in_parts') return
  await takeHours('the bank returns the rest', 40)
  await funds({})
  await takeHours('the bank withdraws it again', 24)
  await funds({ amountCents: -bought.amountCents })
  await takeHours('the bank returns all of it', 30)
  await funds({})
}
