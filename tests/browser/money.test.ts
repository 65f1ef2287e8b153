// Money on the pages: refunds by operators, what hosts and members see of them, and the ways a payment ends.
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Person, waitFor } from '../../world/person.ts'
import { stripeOf } from '../../world/outside.ts'
import {
  alwaysFreeHost,
  bookingStartingIn,
  type Host,
  type Member,
  onboardedHost,
  signedInMember,
  signedInOperator,
  startedCheckout,
} from '../people/actors.ts'
import { query, untilIdle } from '../people/evidence.ts'
import { clearFaults, injectFault } from '../faults/sandbox.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { paymentPage, payWith } from './acts.ts'
import { type BrowserWorld, chromiumPath, openBrowserWorld } from './world.ts'
import { openAs, type Visitor } from './visitor.ts'

describe.skipIf(!chromiumPath)('money on the pages (needs Chromium)', () => {
  let world: BrowserWorld
  let ruby: Host
  let operator: Person
  let here: Visitor[] = []
  beforeAll(async () => {
    world = await openBrowserWorld()
    ruby = await alwaysFreeHost(world.presence)
    await onboardedHost(ruby)
    operator = await signedInOperator(world.presence)
  })
  afterEach(async () => {
    await clearFaults(world.presence)
    const leaving = here
    here = []
    for (const visitor of leaving) await visitor.leave()
  })
  afterAll(() => world?.stop())

  async function pageOf(person: Person, width = 1280) {
    const visitor = await world.visitor({ viewport: { width, height: 860 }, serviceWorkers: 'block' })
    here.push(visitor)
    await openAs(visitor, person)
    return visitor.page
  }

  async function pay(
    member: Member,
    card: { cardNumber: string } | { bankDebit: string },
  ): Promise<{ purchaseId: string }> {
    const { purchaseId, checkoutId } = await startedCheckout(member, ruby)
    await fetch(`${world.presence.sandboxUrl}/_sandbox/stripe/checkout/${checkoutId}/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        expMonth: 12,
        expYear: 2040,
        cvc: '123',
        name: 'Sam Rivers',
        email: 'sam@example.com',
        ...card,
      }),
    })
    return { purchaseId }
  }

  test('an operator refunds a part of a purchase, and host and member see what became of it', async () => {
    const member = await signedInMember(world.presence, 'Odile Tran')
    const booking = await bookingStartingIn(60, member, ruby)
    await member.ask('POST', `/api/bookings/${booking.id}/cancel`)
    await untilIdle(world.presence)

    const ops = await pageOf(operator)
    await ops.goto('/ops')
    await ops.getByLabel('Find a purchase').fill('odile')
    await ops.getByRole('link', { name: /Odile Tran/ }).click()
    const form = ops.getByRole('form', { name: 'Refund' })
    await form.getByLabel('Amount in AUD').fill('18.01')
    await form.getByText('Only $18.00 is left').waitFor()
    await form.getByLabel('Amount in AUD').fill('5')
    await form.getByLabel('Reason').fill('The sound was poor')
    await form.getByRole('button', { name: 'Refund $5.00' }).click()
    await ops.getByText('The sound was poor').waitFor()
    await untilIdle(world.presence)
    await ops.getByText(/^Made · by an operator/).waitFor()

    const earnings = await pageOf(ruby, 390)
    await earnings.goto('/host?tab=earnings')
    const row = earnings.getByRole('listitem').filter({ hasText: 'Odile' })
    await row.getByText('$8.71').waitFor()
    await row.getByText('$3.35 was taken back after a refund to the member.').waitFor()
    const download = earnings.waitForEvent('download')
    await earnings.getByRole('link', { name: 'Download as a spreadsheet (CSV)' }).click()
    expect(await readFile(await (await download).path(), 'utf8')).toContain(
      'Odile,Adhoc,12.06,3.35,8.71,paid',
    )
    await earnings.getByRole('button', { name: /^Payments to your bank/ }).click()
    await earnings.waitForURL((url) => url.origin === world.presence.sandboxUrl)

    const mine = await pageOf(member, 390)
    await mine.goto('/')
    await mine.getByText('$5.00 refunded').waitFor()
    await mine.getByRole('button', { name: /Ruby Tamihana/ }).click()
    expect(
      await mine.getByRole('dialog').getByRole('link', { name: 'Receipt' }).getAttribute('href'),
    ).toContain('/receipts/')
    await mine.getByRole('link', { name: 'Tax details' }).click()
    await mine.getByText('−$5.00').waitFor()
  })

  test('a refund that the bank sends back waits with "Try again", which makes it once more', async () => {
    const member = await signedInMember(world.presence, 'Petra Voss')
    const { purchaseId } = await pay(member, { cardNumber: '4000000000007726' })
    await untilIdle(world.presence)
    await operator.ask('POST', `/api/ops/purchases/${purchaseId}/refund`, {
      amountCents: 700,
      reason: 'Goodwill',
    })
    await untilIdle(world.presence)
    const [row] = await query<{ refund_id: string; charge_id: string }>(
      world.presence.databaseUrl,
      'select refund_id, charge_id from refunds join purchases on purchases.id = purchase_id where purchase_id = $1',
      [purchaseId],
    )
    await fetch(`${world.presence.sandboxUrl}/_sandbox/stripe/refunds/${row!.refund_id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ outcome: 'failed' }),
    })
    const ops = await pageOf(operator, 390)
    await ops.goto('/ops')
    await ops.getByText(/bank sent a refund back/).waitFor()
    await ops.getByRole('button', { name: 'Try again' }).click()
    await ops.getByText('Nothing waits').waitFor()
    await untilIdle(world.presence)
    expect(
      (await stripeOf(world.presence).refunds.list({ charge: row!.charge_id })).data.map(
        ({ amount }) => amount,
      ),
    ).toEqual([700, 700])
  })

  test('a member who closes the window before the webhook pays once and finds the session', async () => {
    const member = await signedInMember(world.presence, 'Quin Hale')
    const page = await pageOf(member, 390)
    await page.goto(`/plans?host=${ruby.id}&plan=Adhoc`)
    await injectFault(world.presence, { provider: 'stripe', kind: 'delay', delayMs: 4000 })
    await payWith(await paymentPage(page), '4242424242424242')
    await page.getByText('Confirming your payment').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await page.getByText("We'll add your session as soon as the payment is confirmed").first().waitFor()
    await page.goto('/')
    await page.getByText('1 session to use').waitFor()
    expect((await member.bookings()).unused).toHaveLength(1)
  })

  test('a return from the page of a bank leads to the calendar or says nothing was charged', async () => {
    const member = await signedInMember(world.presence, 'Remy Stone')
    const paid = await pay(member, { cardNumber: '4242424242424242' })
    await waitFor('the payment', async () => {
      const { status } = await member.ask<{ status: string }>('GET', `/api/purchases/${paid.purchaseId}`)
      return status === 'paid'
    })
    const failing = await pay(member, { bankDebit: 'fails' })
    const page = await pageOf(member)
    await page.goto(`/plans?purchase=${failing.purchaseId}`)
    await page.getByText('Confirming your payment').waitFor()
    await world.presence.moveClock({ advanceMs: minuteMs })
    await page.getByRole('alert').getByText('Nothing was charged.').waitFor()
    await page.goto(`/plans?purchase=${paid.purchaseId}`)
    await page.getByRole('heading', { name: 'Pick a time' }).waitFor()
  })
})
