// Brings one purchase up to date with Stripe: fee, refunds, disputes, transfers and their reversals. Every
// webhook about money only starts this, so their order and number do not matter.
import { inTransaction, type Tx } from '../../db/client.ts'
import { type ChargeFacts, fetchCharge, listDisputes } from '../../integrations/stripe-charges.ts'
import { listRefunds } from '../../integrations/stripe-refunds.ts'
import { listTransfers } from '../../integrations/stripe-transfers.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { now } from '../../lib/time.ts'
import type { Currency } from '../../lib/money.ts'
import { lockPurchase } from '../refunds/lock-purchase.ts'
import type { Context } from '../context.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { wasPaid } from '../purchases/purchase.ts'
import { followDisputes } from './follow-disputes.ts'
import { followRefunds } from './follow-refunds.ts'
import { followTransfers } from './follow-transfers.ts'
import { releasePayouts } from '../payouts/release-payouts.ts'
import { reportDiscrepancy } from './report-discrepancy.ts'

/** Compares a paid purchase with Stripe and repairs it by rule; what no rule repairs stops its payouts. */
export async function followMoney(ctx: Context, purchaseId: string): Promise<void> {
  const known = await ctx.db
    .selectFrom('purchases')
    .select(['chargeId', 'status'])
    .where('id', '=', purchaseId)
    .executeTakeFirst()
  if (!known?.chargeId || !wasPaid(known.status)) return
  const since = now()
  failpoint('before-call:follow')
  const charge = await fetchCharge(ctx.stripe, known.chargeId)
  const [refunds, disputes, transfers] = await Promise.all([
    charge ? listRefunds(ctx.stripe, known.chargeId) : [],
    charge ? listDisputes(ctx.stripe, known.chargeId) : [],
    listTransfers(ctx.stripe, purchaseId),
  ])
  await inTransaction(ctx.db, async (tx) => {
    const purchase = await lockPurchase(tx, purchaseId)
    if (!purchase) return
    await followCharge(tx, purchase, charge)
    await followRefunds(tx, purchase, refunds)
    await followTransfers(tx, purchase, transfers, since)
    await followDisputes(tx, purchase, disputes)
    await tx.updateTable('purchases').set({ followedAt: now() }).where('id', '=', purchaseId).execute()
  })
  failpoint('after-commit:follow')
}

type Purchase = {
  id: string
  amountCents: number
  currency: Currency
  feeCents: number | null
  receiptUrl: string | null
}

async function followCharge(tx: Tx, purchase: Purchase, charge: ChargeFacts | undefined): Promise<void> {
  if (
    !charge?.isPaid ||
    charge.amountCents !== purchase.amountCents ||
    charge.currency !== purchase.currency
  ) {
    const took = charge?.isPaid ? `took ${charge.amountCents} ${charge.currency} cents` : 'took nothing'
    await reportDiscrepancy(tx, {
      purchaseId: purchase.id,
      mark: 'charge',
      sentence: `Presence counts a purchase of ${purchase.amountCents} ${purchase.currency} cents as paid, but Stripe ${took}.`,
    })
    return
  }
  if (charge.feeCents === null || purchase.feeCents !== null) return
  await postEntries(tx, purchase, { kind: 'fee', key: `fee:${purchase.id}`, feeCents: charge.feeCents })
  await tx
    .updateTable('purchases')
    .set({ feeCents: charge.feeCents, receiptUrl: charge.receiptUrl ?? purchase.receiptUrl })
    .where('id', '=', purchase.id)
    .execute()
  await releasePayouts(tx, purchase.id)
}
