// Refunds as Stripe has them: the state of ours is recorded, and refunds made in Stripe's dashboard are
// applied here like ours.
import type { Tx } from '../../db/client.ts'
import { newId } from '../../lib/ids.ts'
import type { Currency } from '../../lib/money.ts'
import { applyRefund, leftToRefund } from '../refunds/apply-refund.ts'
import { recordRefund } from '../refunds/send-refund.ts'
import { owedToMember, takeOwed } from '../refunds/take-owed.ts'
import type { ChargeRefund } from '../../integrations/stripe-refunds.ts'
import { reportDiscrepancy } from './report-discrepancy.ts'

type Purchase = { id: string; memberId: string; currency: Currency }

export async function followRefunds(tx: Tx, purchase: Purchase, facts: ChargeRefund[]): Promise<void> {
  for (const fact of [...facts].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())) {
    const ours = await tx
      .selectFrom('refunds')
      .selectAll()
      .where('purchaseId', '=', purchase.id)
      .orderBy('createdAt')
      .execute()
    const known = ours.filter(
      (row) =>
        row.refundId === fact.id ||
        (row.refundId === null && row.id === fact.ourId && row.try === fact.ourTry),
    )
    for (const { id } of known) await recordRefund(tx, id, fact)
    // An earlier try of ours, or a refund of somebody else that failed: its money left and came back.
    const isOver = fact.status === 'failed' || ours.some((row) => row.id === fact.ourId)
    if (known.length === 0 && !isOver) await applyForeign(tx, purchase, ours, fact)
  }
}

type KnownRefund = { id: string; status: string; amountCents: number }

async function applyForeign(
  tx: Tx,
  purchase: Purchase,
  ours: KnownRefund[],
  fact: ChargeRefund,
): Promise<void> {
  // Somebody made by hand the refund that Stripe had refused to us: it is the same refund.
  const same = ours.find((row) => row.status === 'failed' && row.amountCents === fact.amountCents)
  if (same) return recordRefund(tx, same.id, fact)
  // One of ours is being made at this moment. Wait for its end (send-refund.ts) to see whether both fit.
  if (ours.some((row) => row.status === 'requested')) return
  const leftCents = await leftToRefund(tx, purchase.id)
  if (fact.amountCents > leftCents + (await owedToMember(tx, purchase.id))) {
    return reportDiscrepancy(tx, {
      purchaseId: purchase.id,
      mark: `refund:${fact.id}`,
      sentence: `A refund of ${fact.amountCents} ${purchase.currency} cents was made in Stripe, more than is left of the purchase here.`,
    })
  }
  // More than is left to refund: then it also settles what we owe.
  const settled = fact.amountCents > leftCents ? await takeOwed(tx, purchase.id, fact.amountCents) : []
  for (const { id } of settled) await recordRefund(tx, id, fact)
  const restCents = fact.amountCents - settled.reduce((sum, one) => sum + one.amountCents, 0)
  if (restCents === 0) return
  const id = newId()
  const reason = `Refunded in Stripe's dashboard${fact.reason ? ` (${fact.reason.replaceAll('_', ' ')})` : ''}`
  await applyRefund(tx, purchase, { id, amountCents: restCents, reason, source: 'stripe' })
  await recordRefund(tx, id, fact)
}
