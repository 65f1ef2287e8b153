// Step 3: a payment was made. A webhook is only a hint to look; Stripe's own record decides.
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { type CheckoutFacts, fetchCheckout } from '../../integrations/stripe-checkout.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { isId, newId } from '../../lib/ids.ts'
import { addDays, addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { inactiveAfterHours } from '../members/member.ts'
import { partsOf } from '../plans/plan.ts'
import { postEntries } from './post-entries.ts'
import { wasPaid } from './purchase.ts'
import { readTerms } from '../plans/terms.ts'

/**
 * Fetches the checkout from Stripe and, if it is paid and for the amount we asked, grants the bookings of its
 * purchase once. Idempotent: safe to call any number of times, in any order. Answers `unknown` where the
 * purchase is none of ours.
 */
export async function confirmPurchase(ctx: Context, checkoutId: string): Promise<'known' | 'unknown'> {
  const checkout = await fetchCheckout(ctx.stripe, checkoutId)
  if (!checkout) return 'unknown'
  const purchaseId = checkout.purchaseId && isId(checkout.purchaseId) ? checkout.purchaseId : null
  const result = await inTransaction(ctx.db, async (tx) => {
    const purchase = await tx
      .selectFrom('purchases')
      .selectAll()
      .where((eb) =>
        eb.or([eb('checkoutId', '=', checkoutId), ...(purchaseId ? [eb('id', '=', purchaseId)] : [])]),
      )
      .forUpdate()
      .executeTakeFirst()
    if (!purchase) return reportUnknown(tx, checkout)
    if (wasPaid(purchase.status)) return 'known'
    if (!checkout.isPaid) return closeIfOver(tx, purchase.id, purchase.memberId, checkout)
    if (
      !checkout.charge ||
      checkout.amountCents !== purchase.amountCents ||
      checkout.currency !== purchase.currency
    ) {
      await addOperatorTask(tx, {
        key: `payment_mismatch:${purchase.id}`,
        kind: 'payment_mismatch',
        purchaseId: purchase.id,
        sentence: `Stripe took ${checkout.amountCents} ${checkout.currency} cents for a purchase of ${purchase.amountCents} ${purchase.currency} cents; no session was granted.`,
      })
      return 'known'
    }
    await tx
      .updateTable('purchases')
      .set({
        status: 'paid',
        paidAt: now(),
        checkoutId,
        paymentIntentId: checkout.paymentIntentId,
        chargeId: checkout.charge.id,
        receiptUrl: checkout.charge.receiptUrl,
        feeCents: checkout.charge.feeCents,
      })
      .where('id', '=', purchase.id)
      .execute()
    await postEntries(tx, purchase, {
      kind: 'paid',
      key: `paid:${purchase.id}`,
      amountCents: purchase.amountCents,
    })
    if (checkout.charge.feeCents !== null) {
      await postEntries(tx, purchase, {
        kind: 'fee',
        key: `fee:${purchase.id}`,
        feeCents: checkout.charge.feeCents,
      })
    }
    await grantBookings(tx, purchase)
    // Word of the payment came late: it has been refunded or disputed meanwhile.
    if (!checkout.charge.isUntouched) await enqueue(tx, 'follow-money', { purchaseId: purchase.id })
    return 'known'
  })
  failpoint('after-commit:paid')
  return result
}

type Purchase = { id: string; memberId: string; hostId: string; terms: unknown }

async function grantBookings(tx: Tx, purchase: Purchase): Promise<void> {
  const terms = readTerms(purchase.terms)
  const paidAt = now()
  const validUntil = addDays(paidAt, terms.validDays)
  for (const [index, part] of partsOf(terms).entries()) {
    const bookingId = newId()
    await tx
      .insertInto('bookings')
      .values({
        id: bookingId,
        purchaseId: purchase.id,
        position: index + 1,
        memberId: purchase.memberId,
        hostId: purchase.hostId,
        state: 'pending',
        validUntil,
        amountCents: part.amountCents,
        hostCents: part.hostCents,
        platformCents: part.platformCents,
        createdAt: paidAt,
      })
      .execute()
    await recordChanged(tx, 'Presence Operations', bookingId)
    await enqueue(tx, 'expire-booking', { bookingId }, { at: validUntil })
    await enqueue(tx, 'warn-expiry', { bookingId }, { at: addHours(validUntil, -terms.expiryWarningHours) })
  }
  await enqueue(tx, 'send-message', {
    key: `payment:${purchase.id}`,
    template: 'Payment Confirmation',
    recipient: 'member',
    purchaseId: purchase.id,
    usefulUntil: addHours(paidAt, 24).toISOString(),
  })
  await enqueue(
    tx,
    'remind-inactive',
    { purchaseId: purchase.id },
    { at: addHours(paidAt, inactiveAfterHours) },
  )
  await recordChanged(tx, 'Members', purchase.memberId)
  await announce(tx, { topics: ['purchases', 'bookings'], memberId: purchase.memberId })
}

async function closeIfOver(
  tx: Tx,
  purchaseId: string,
  memberId: string,
  checkout: CheckoutFacts,
): Promise<'known'> {
  if (!checkout.isExpired && !checkout.hasFailed) return 'known'
  const status = checkout.hasFailed ? 'failed' : 'expired'
  await tx
    .updateTable('purchases')
    .set({ status })
    .where('id', '=', purchaseId)
    .where('status', '=', 'open')
    .execute()
  await announce(tx, { topics: ['purchases'], memberId })
  return 'known'
}

async function reportUnknown(tx: Tx, checkout: CheckoutFacts): Promise<'unknown'> {
  // One that names no purchase of Presence belongs to another product on the same account.
  if (!checkout.isPaid || !isId(checkout.purchaseId ?? '')) return 'unknown'
  await addOperatorTask(tx, {
    key: `unknown_checkout:${checkout.id}`,
    kind: 'payment_mismatch',
    sentence:
      'A checkout was paid at Stripe for a purchase that Presence does not have. Please look it up in Stripe and refund it.',
  })
  return 'unknown'
}
