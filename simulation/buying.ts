// One purchase, from the chosen plan to the paid sessions, or to an unpaid checkout.
import type { Checkout, Purchase } from '../server/journey/purchases/purchase-view.ts'
import { payCheckout } from '../world/outside.ts'
import type { Person } from '../world/person.ts'
import type { JourneyPlan, Payment } from './plan.ts'
import { ask, waitUntil, type Stage } from './stage.ts'

export type Bought = { purchaseId: string; bookingIds: string[]; amountCents: number }

const cards = {
  good: '4242424242424242',
  declined: '4000000000000002',
  authenticates: '4000002500003155',
  disputed: '4000000000000259',
  refundsSlowly: '4000000000007726',
}
const sessionsOf = { Adhoc: 1, Weekly: 3 }
const priceCents = { Adhoc: 1800, Weekly: 4000 }

/** Undefined where the purchase was never paid. */
export async function buy(
  stage: Stage,
  label: string,
  member: Person,
  hostId: string,
  { plan, payment }: Pick<JourneyPlan, 'plan' | 'payment'>,
): Promise<Bought | undefined> {
  const { history } = stage
  const { purchaseId, clientSecret } = await ask<Checkout>(stage, member, 'POST', '/api/checkout', {
    plan,
    hostId,
  })
  // A client secret is the checkout's id, an underscore and the secret itself.
  if (!(await payAtStripe(stage, clientSecret.split('_secret_')[0]!, payment))) {
    history.unpaid.add(purchaseId)
    return undefined
  }
  history.paid.set(purchaseId, { sessions: sessionsOf[plan], amountCents: priceCents[plan] })
  history.owed.add(`payment:${purchaseId}`)
  const bookingIds = await waitUntil(stage, `${label}: sees the payment`, async () => {
    const purchase = await ask<Purchase>(stage, member, 'GET', `/api/purchases/${purchaseId}`)
    return purchase.status === 'paid' && purchase.bookingIds
  })
  return { purchaseId, bookingIds, amountCents: priceCents[plan] }
}

/** Acts on Stripe's payment page. Answers whether the payment succeeds in the end. */
async function payAtStripe({ world }: Stage, checkoutId: string, payment: Payment): Promise<boolean> {
  const declined = () =>
    payCheckout(world, checkoutId, cards.declined).then(
      () => {
        throw new Error('a declined card paid')
      },
      () => undefined,
    )
  switch (payment) {
    case 'card':
      await payCheckout(world, checkoutId, cards.good)
      return true
    case 'slow_refund_card':
      await payCheckout(world, checkoutId, cards.refundsSlowly)
      return true
    case 'declined_then_card':
      await declined()
      await payCheckout(world, checkoutId, cards.good)
      return true
    case 'authenticated':
      await payCheckout(world, checkoutId, cards.authenticates)
      await payCheckout(world, checkoutId, cards.authenticates, 'complete')
      return true
    case 'dispute_won':
    case 'dispute_lost':
      await payCheckout(world, checkoutId, cards.disputed)
      return true
    case 'bank_debit':
    case 'bank_debit_fails':
      await payByBank(world.sandboxUrl, checkoutId, payment === 'bank_debit' ? 'succeeds' : 'fails')
      return payment === 'bank_debit'
    case 'declined':
      await declined()
      return false
    case 'abandons':
      return false
  }
}

async function payByBank(
  sandboxUrl: string,
  checkoutId: string,
  bankDebit: 'succeeds' | 'fails',
): Promise<void> {
  const answer = await fetch(`${sandboxUrl}/_sandbox/stripe/checkout/${checkoutId}/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Sam Rivers', email: 'sam@example.com', bankDebit }),
  })
  if (!answer.ok) throw new Error(`the bank debit was refused: ${await answer.text()}`)
}
