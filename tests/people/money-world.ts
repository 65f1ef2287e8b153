// Money without people: the server's verbs in the test's own process, Stripe's stand-in over HTTP, and every
// job run by hand, so that a test decides what comes first and what never comes.
import type { PlanType } from '../../server/journey/plans/plan.ts'
import { inTransaction } from '../../server/db/client.ts'
import { changeBooking, lockBooking } from '../../server/journey/bookings/change-booking.ts'
import { refreshHostAccount } from '../../server/journey/payouts/refresh-host-account.ts'
import { startOnboarding } from '../../server/journey/payouts/start-onboarding.ts'
import { handleStripeEvent } from '../../server/jobs/handle-stripe-event.ts'
import { startCheckout } from '../../server/journey/purchases/start-checkout.ts'
import { tasks } from '../../server/jobs/tasks.ts'
import { addMinutes, now } from '../../server/lib/time.ts'
import { onboardAccount, payCheckout, stripeOf } from '../../world/outside.ts'
import { query } from './evidence.ts'
import { newMember, openVerbs, type Verbs } from './verbs.ts'

export type Money = Verbs & { hostId: string; accountId: string; memberId: string }
export type Paid = { purchaseId: string; checkoutId: string; bookingIds: string[] }

const moneyJobs = [
  'handle-webhook',
  'confirm-purchase',
  'pay-host',
  'send-refund',
  'follow-money',
  'reconcile-money',
] as const

/** A member, and a host who can be paid. */
export async function openMoney(): Promise<Money> {
  const verbs = await openVerbs()
  // Jobs are retried here without the queue's delays, so the limits are off; other tests cover them.
  verbs.presence.sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  const { id: memberId } = await newMember(verbs.db)
  const host = await verbs.db
    .selectFrom('hosts')
    .select('id')
    .where('fullName', '=', 'Ruby Tamihana')
    .executeTakeFirstOrThrow()
  await startOnboarding(verbs.ctx, host.id)
  const { stripeAccountId } = await verbs.db
    .selectFrom('hosts')
    .select('stripeAccountId')
    .where('id', '=', host.id)
    .executeTakeFirstOrThrow()
  await onboardAccount(verbs.presence, stripeAccountId!)
  await refreshHostAccount(verbs.ctx, stripeAccountId!)
  return { ...verbs, hostId: host.id, accountId: stripeAccountId!, memberId }
}

/** An open payment page that nobody has paid. */
export async function startedAtStripe(
  money: Money,
  plan: PlanType = 'Adhoc',
): Promise<{ purchaseId: string; checkoutId: string }> {
  const { purchaseId, clientSecret } = await startCheckout(money.ctx, {
    memberId: money.memberId,
    hostId: money.hostId,
    plan,
  })
  return { purchaseId, checkoutId: clientSecret.split('_secret_')[0]! }
}

/** Paid at Stripe, and unknown here. */
export async function paidAtStripe(
  money: Money,
  plan: PlanType = 'Adhoc',
  card?: string,
): Promise<{ purchaseId: string; checkoutId: string }> {
  const started = await startedAtStripe(money, plan)
  await payCheckout(money.presence, started.checkoutId, card)
  return started
}

export async function paid(money: Money, plan: PlanType = 'Adhoc', card?: string): Promise<Paid> {
  const made = await paidAtStripe(money, plan, card)
  await tasks['confirm-purchase'](money.ctx, { purchaseId: made.purchaseId })
  const rows = await money.db
    .selectFrom('bookings')
    .select('id')
    .where('purchaseId', '=', made.purchaseId)
    .orderBy('position')
    .execute()
  return { ...made, bookingIds: rows.map(({ id }) => id) }
}

let minutesAhead = 0

/** Gives a session a time of its own, far from every other one. */
export async function schedule(money: Money, bookingId: string): Promise<void> {
  minutesAhead += 20
  const startAt = addMinutes(now(), 60 + minutesAhead)
  await inTransaction(money.db, async (tx) => {
    const booking = (await lockBooking(tx, bookingId))!
    const set = {
      startAt,
      endAt: addMinutes(startAt, 10),
      attempt: booking.attempt + 1,
      calendar: 'builtin' as const,
      calendarStatus: 'confirmed' as const,
    }
    await changeBooking(tx, booking, 'scheduled', { set })
  })
}

/** The session takes place; its payout is not made before the jobs run. */
export async function complete(money: Money, bookingId: string): Promise<void> {
  await schedule(money, bookingId)
  await markHeld(money, bookingId)
}

export async function markHeld(money: Money, bookingId: string): Promise<void> {
  await inTransaction(money.db, async (tx) => {
    await changeBooking(tx, (await lockBooking(tx, bookingId))!, 'held', {
      payoutDelayHours: money.ctx.config.payoutDelayHours,
    })
  })
}

type MoneyJob = (typeof moneyJobs)[number]
type QueuedJob = { id: string; name: MoneyJob; data: never }

/**
 * Runs every waiting job about money and those that follow; a failed one waits for the next time. Returns the
 * failures.
 */
export async function runJobs(money: Money): Promise<Error[]> {
  const failures: Error[] = []
  const failed: string[] = []
  for (;;) {
    const [job] = await query<QueuedJob>(
      money.presence.databaseUrl,
      `
      select id, name, data from pgboss.job where state in ('created', 'retry') and name = any($1) and id <> all($2) and start_after <= now()
      order by created_on, id limit 1`,
      [moneyJobs, failed],
    )
    if (!job) return failures
    try {
      await tasks[job.name](money.ctx, job.data)
      await query(money.presence.databaseUrl, 'delete from pgboss.job where id = $1', [job.id])
    } catch (error) {
      failures.push(error as Error)
      failed.push(job.id)
    }
  }
}

export type StripeEvent = {
  id: string
  type: string
  created: number
  data: { object: { id: string; object: string } }
}

/** Every event that Stripe has sent so far, oldest first. */
export function eventsOf(money: Money): StripeEvent[] {
  return money.presence.sandbox.ctx.store.list<StripeEvent>('stripe.event')
}

export function receive(money: Money, event: StripeEvent): Promise<'done' | 'unknown'> {
  return handleStripeEvent(money.ctx, event.type, event)
}

export async function fault(
  money: Money,
  rule: { operation: string; kind: string; times?: number; status?: number; delayMs?: number },
): Promise<void> {
  const answer = await fetch(`${money.presence.sandboxUrl}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'stripe', times: 1, ...rule }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function control(money: Money, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${money.presence.sandboxUrl}/_sandbox/stripe${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

export const stripe = (money: Money) => stripeOf(money.presence)
export const closeDispute = (money: Money, id: string, outcome: 'won' | 'lost') =>
  control(money, `/disputes/${id}`, { outcome })
/** The bank decides otherwise than before. */
export const decideAgain = (money: Money, id: string, outcome: 'won' | 'lost') =>
  control(money, `/disputes/${id}`, { outcome, isAgain: true })
/** Money of a dispute leaves (negative) or comes back; all that is withheld comes back by default. */
export const moveDisputeFunds = (money: Money, id: string, amountCents?: number) =>
  control(money, `/disputes/${id}/funds`, { amountCents })
export const endRefund = (money: Money, id: string, outcome: 'succeeded' | 'failed') =>
  control(money, `/refunds/${id}`, { outcome })
/** Completed without money; the bank answers ten seconds later. */
export const payByBankDebit = (money: Money, checkoutId: string, bankDebit: 'succeeds' | 'fails') =>
  control(money, `/checkout/${checkoutId}/pay`, { name: 'Sam Rivers', email: 'sam@example.com', bankDebit })
export const delayBalance = (money: Money, balanceDelayMs: number) =>
  control(money, '/settings', { balanceDelayMs })

export async function chargeOf(money: Money, purchaseId: string): Promise<string> {
  const { chargeId } = await money.db
    .selectFrom('purchases')
    .select('chargeId')
    .where('id', '=', purchaseId)
    .executeTakeFirstOrThrow()
  return chargeId!
}

export async function disputeOf(money: Money, purchaseId: string): Promise<string> {
  const { data } = await stripe(money).disputes.list({ charge: await chargeOf(money, purchaseId) })
  return data[0]!.id
}

export async function openTasks(
  money: Money,
): Promise<{ kind: string; sentence: string; id: string; purchaseId: string | null }[]> {
  return money.db
    .selectFrom('operatorTasks')
    .select(['id', 'kind', 'sentence', 'purchaseId'])
    .where('resolvedAt', 'is', null)
    .execute()
}
