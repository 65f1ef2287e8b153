// Refunds as Stripe has them: ours move on, and those made in Stripe's own dashboard are taken over by the same rule.
import type { Tx } from '../../db/client.ts'
import { newId } from '../../lib/ids.ts'
import type { Currency } from '../../lib/money.ts'
import { applyRefund } from '../bookings/apply-refund.ts'
import { recordRefund } from '../bookings/send-refund.ts'
import type { ChargeRefund } from '../../integrations/stripe-money.ts'
import { reportDifference } from './report-difference.ts'

type Purchase = { id: string; memberId: string; currency: Currency }

export async function followRefunds(tx: Tx, purchase: Purchase, facts: ChargeRefund[]): Promise<void> {
  const ours = await tx.selectFrom('refunds').selectAll().where('purchaseId', '=', purchase.id).execute()
  for (const fact of [...facts].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())) {
    const known = ours.find((row) => row.refundId === fact.id || (row.id === fact.ourId && row.try === fact.ourTry))
    if (known) {
      await recordRefund(tx, known.id, fact)
      continue
    }
    // An earlier try of ours, or somebody else's that came to nothing: its money left and came back.
    const isOver = fact.status === 'failed' || ours.some((row) => row.id === fact.ourId)
    if (!isOver) await takeOver(tx, purchase, ours, fact)
  }
}

type Row = { id: string; status: string; amountCents: number }

async function takeOver(tx: Tx, purchase: Purchase, ours: Row[], fact: ChargeRefund): Promise<void> {
  // Somebody did by hand what Stripe had refused to us: the same refund, not a second one.
  const owed = ours.find((row) => row.status === 'failed' && row.amountCents === fact.amountCents)
  if (owed) {
    owed.status = fact.status
    return recordRefund(tx, owed.id, fact)
  }
  // One of ours is being asked for at this moment: whether both are possible shows when it has ended (send-refund.ts).
  if (ours.some((row) => row.status === 'requested')) return
  const id = newId()
  const reason = `Refunded in Stripe's dashboard${fact.reason ? ` (${fact.reason.replaceAll('_', ' ')})` : ''}`
  const isApplied = await applyRefund(tx, purchase, { id, amountCents: fact.amountCents, reason, source: 'stripe' })
  if (isApplied) return recordRefund(tx, id, fact)
  await reportDifference(tx, {
    purchaseId: purchase.id,
    mark: `refund:${fact.id}`,
    sentence: `A refund of ${fact.amountCents} ${purchase.currency} cents was made in Stripe, more than is left of the purchase here.`,
  })
}
