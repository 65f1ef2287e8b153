import {
  fetchOwnAccount,
  findWalletDomain,
  registerWalletDomain,
  type StripeRight,
  stripeRights,
  tryRight,
} from '../../../server/integrations/stripe-account.ts'
import { onboardAccount, payCheckout } from '../../../world/outside.ts'
import {
  createCheckout,
  createStripeCustomer,
  deleteStripeCustomer,
  expireCheckout,
  fetchCheckout,
  findCheckoutOfIntent,
} from '../../../server/integrations/stripe-checkout.ts'
import {
  createDashboardLink,
  createHostAccount,
  deleteHostAccount,
  createOnboardingLink,
  fetchHostAccount,
} from '../../../server/integrations/stripe-connect.ts'
import { createRefund, findRefund, listRefunds } from '../../../server/integrations/stripe-refunds.ts'
import {
  createTransfer,
  listTransfers,
  reverseTransfer,
} from '../../../server/integrations/stripe-transfers.ts'
import { fetchCharge, listDisputes } from '../../../server/integrations/stripe-charges.ts'
import {
  createEndpoint,
  listEndpoints,
  setEndpointEvents,
} from '../../../server/integrations/stripe-endpoints.ts'
import {
  fetchMovement,
  fetchTransferGroup,
  listMovements,
} from '../../../server/integrations/stripe-movements.ts'
import { must, refusal } from '../use/world.ts'
import { minuteMs } from '../../../server/lib/time.ts'
import type { Ours } from './clients.ts'

export async function callStripe({ clients: { stripe }, outside, at }: Ours): Promise<void> {
  const world = { url: '', sandboxUrl: outside.url, keys: outside.keys }
  must((await fetchOwnAccount(stripe)).country === 'AU', 'the account is abroad')
  for (const right of Object.keys(stripeRights) as StripeRight[]) await tryRight(stripe, right)
  must(!(await findWalletDomain(stripe, 'presence.example')), 'a domain is registered by nobody')
  await registerWalletDomain(stripe, 'presence.example')
  must((await findWalletDomain(stripe, 'presence.example'))?.isEnabled === true, 'a domain is not registered')
  const person = {
    memberId: 'member-1',
    name: 'Sam Rivers',
    email: 'sam@example.com',
    mobileNumber: '+61400000001',
  }
  const stripeCustomerId = await createStripeCustomer(stripe, person)
  await createStripeCustomer(stripe, { ...person, memberId: 'member-2', name: '', email: null })
  const metadata = { member_id: 'm', host_id: 'h', plan_type: 'Adhoc', purchase_id: 'p-1' }
  const wanted = {
    purchaseId: 'p-1',
    stripeCustomerId,
    amountCents: 1800,
    currency: 'AUD',
    title: 'Adhoc',
    description: '10 minutes',
    metadata,
    returnUrl: 'http://localhost:3000/plans',
    expiresAt: await at(45 * minuteMs),
  }
  const checkout = await createCheckout(stripe, wanted)
  must((await createCheckout(stripe, wanted)).id === checkout.id, 'a repeat opens a second checkout')
  must(
    (await refusal(createCheckout(stripe, { ...wanted, amountCents: 1 }))).status === 400,
    'the same key buys something else',
  )
  must(
    await payCheckout(world, checkout.id, '4000000000000002').then(
      () => false,
      () => true,
    ),
    'a declined card is taken',
  )
  await payCheckout(world, checkout.id)
  const facts = await fetchCheckout(stripe, checkout.id)
  must(facts?.isPaid === true && facts.charge !== null, 'a paid checkout is not paid')
  must(
    (await fetchCheckout(stripe, 'cs_test_nobody')) === undefined,
    'a checkout that Stripe does not have is there',
  )
  must(
    (await findCheckoutOfIntent(stripe, facts.paymentIntentId!))?.id === checkout.id,
    'a checkout is not found by its payment',
  )
  await expireCheckout(stripe, checkout.id)
  const other = { ...wanted, purchaseId: 'p-2', metadata: { ...metadata, purchase_id: 'p-2' } }
  await expireCheckout(stripe, (await createCheckout(stripe, other)).id)

  const accountId = await createHostAccount(stripe, {
    hostId: 'h-1',
    fullName: 'Amelia Hart',
    email: 'amelia@example.com',
    country: 'AU',
  })
  // Stripe repeats a failure of this key for a day: the account made under it is found, and a changed name is
  // not another member.
  await outside.control('POST', '/faults', {
    provider: 'stripe',
    operation: 'accounts.create',
    kind: 'error_after',
    times: 1,
  })
  const found = await createHostAccount(stripe, {
    hostId: 'h-3',
    fullName: 'Kenji Watanabe',
    email: null,
    country: 'AU',
  })
  must(
    (await createHostAccount(stripe, {
      hostId: 'h-3',
      fullName: 'Kenji Watanabe',
      email: 'kenji@example.com',
      country: 'AU',
    })) === found,
    'a host has two accounts',
  )
  const leaving = await createHostAccount(stripe, {
    hostId: 'h-2',
    fullName: 'Ruby Tamihana',
    email: null,
    country: 'AU',
  })
  await createOnboardingLink(stripe, {
    accountId,
    refreshUrl: 'http://localhost:3000/a',
    returnUrl: 'http://localhost:3000/b',
  })
  must(!(await fetchHostAccount(stripe, accountId)).canBePaid, 'a host can be paid too early')
  must(
    (await refusal(createDashboardLink(stripe, accountId))).status === 400,
    'a host without an account has a dashboard',
  )
  await onboardAccount(world, accountId)
  must((await fetchHostAccount(stripe, accountId)).canBePaid, 'a host who is done cannot be paid')
  await createDashboardLink(stripe, accountId)

  const chargeId = facts.charge.id
  await fetchCharge(stripe, chargeId)
  const transfer = {
    bookingId: 'b-1',
    purchaseId: 'p-1',
    amountCents: 1206,
    currency: 'AUD',
    accountId,
    chargeId,
    try: 1,
  }
  const made = await createTransfer(stripe, transfer)
  must((await fetchTransferGroup(stripe, made.id)) === 'p-1', 'a transfer does not know its purchase')
  await reverseTransfer(stripe, {
    bookingId: 'b-1',
    transferId: made.id,
    amountCents: 206,
    reversedCents: 0,
    try: 1,
  })
  must((await listTransfers(stripe, 'p-1'))[0]?.reversals.length === 1, 'a reversal is not found again')
  const refund = { id: 'r-1', purchaseId: 'p-1', bookingId: 'b-1', amountCents: 600, try: 1 }
  await createRefund(stripe, { ...refund, chargeId })
  must((await findRefund(stripe, chargeId, refund))?.status === 'succeeded', 'a refund is not found again')
  must(
    (await refusal(createRefund(stripe, { ...refund, id: 'r-2', amountCents: 5000, chargeId }))).status ===
      400,
    'more is refunded than was paid',
  )
  await listRefunds(stripe, chargeId)
  await listDisputes(stripe, chargeId)
  const endpoint = await createEndpoint(stripe, {
    url: `${outside.receiver.url}/stripe`,
    events: ['account.updated'],
    isConnect: true,
  })
  await setEndpointEvents(stripe, endpoint.id, ['account.updated', 'payout.failed'])
  must(
    (await listEndpoints(stripe)).some((one) => one.id === endpoint.id && one.isConnect),
    'an endpoint is not found again',
  )
  const [movement] = await listMovements(stripe)
  await fetchMovement(stripe, movement!.id)
  must((await listMovements(stripe, await at(-minuteMs))).length > 2, 'the balance did not move')
  await deleteStripeCustomer(stripe, stripeCustomerId)
  await deleteStripeCustomer(stripe, stripeCustomerId)
  must(await deleteHostAccount(stripe, leaving), 'an account is kept')
  must(await deleteHostAccount(stripe, leaving), 'an account that is gone is kept')
}
