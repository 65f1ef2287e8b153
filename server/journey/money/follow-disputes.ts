// A member's bank disputes a payment: payouts of the purchase pause, the money is posted and an operator is
// asked. Once the bank has decided, payouts go on and a loss is written off. A host who delivered is paid
// either way.
import type { Tx } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import type { DisputeFacts } from '../../integrations/stripe-charges.ts'
import { newId } from '../../lib/ids.ts'
import { type Currency, formatMoney } from '../../lib/money.ts'
import { now } from '../../lib/time.ts'
import { endUnused } from '../refunds/apply-refund.ts'
import { takeOwed } from '../refunds/take-owed.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { releasePayouts } from '../payouts/release-payouts.ts'

type Purchase = { id: string; memberId: string; currency: Currency }

export async function followDisputes(tx: Tx, purchase: Purchase, facts: DisputeFacts[]): Promise<void> {
  for (const fact of facts) {
    const row = (await readDispute(tx, fact.id)) ?? (await openDispute(tx, purchase, fact))
    if (fact.withdrawnCents > 0) {
      await postEntries(tx, purchase, {
        kind: 'dispute_opened',
        key: `dispute_opened:${row.id}`,
        amountCents: fact.withdrawnCents,
        feeCents: fact.feeCents,
      })
    }
    if (row.status === 'open' && fact.status !== 'open') await closeDispute(tx, purchase, row.id, fact)
  }
}

function readDispute(tx: Tx, disputeId: string) {
  return tx
    .selectFrom('disputes')
    .select(['id', 'status'])
    .where('disputeId', '=', disputeId)
    .forUpdate()
    .executeTakeFirst()
}

async function openDispute(
  tx: Tx,
  purchase: Purchase,
  fact: DisputeFacts,
): Promise<{ id: string; status: 'open' }> {
  const id = newId()
  await tx
    .insertInto('disputes')
    .values({
      id,
      purchaseId: purchase.id,
      disputeId: fact.id,
      amountCents: fact.amountCents,
      reason: fact.reason,
      status: 'open',
      evidenceDueAt: fact.evidenceDueAt,
      openedAt: fact.openedAt,
    })
    .execute()
  const until = fact.evidenceDueAt ? ` until ${fact.evidenceDueAt.toISOString().slice(0, 10)}` : ''
  await addOperatorTask(tx, {
    key: `dispute:${id}`,
    kind: 'dispute',
    purchaseId: purchase.id,
    sentence:
      `A member's bank disputes a payment of ${formatMoney(fact.amountCents, purchase.currency)} (${fact.reason.replaceAll('_', ' ')}). ` +
      `Payouts of this purchase are paused. Please answer in Stripe's dashboard${until}; what we know about it is listed with this task.`,
  })
  return { id, status: 'open' }
}

async function closeDispute(tx: Tx, purchase: Purchase, id: string, fact: DisputeFacts): Promise<void> {
  const isLost = fact.status === 'lost'
  const lostCents = isLost ? fact.withdrawnCents - fact.recoveredCents : 0
  const owedCents = await settleOwed(tx, purchase.id, lostCents)
  const unusedCents = owedCents + (isLost ? await endUnused(tx, purchase, lostCents - owedCents) : 0)
  await postEntries(tx, purchase, {
    kind: 'dispute_closed',
    key: `dispute_closed:${id}`,
    recoveredCents: fact.recoveredCents,
    feeBackCents: fact.feeBackCents,
    unusedCents,
  })
  await tx
    .updateTable('disputes')
    .set({ status: isLost ? 'lost' : 'won', closedAt: now() })
    .where('id', '=', id)
    .execute()
  await tx
    .updateTable('operatorTasks')
    .set({ resolvedAt: now(), resolution: isLost ? "Lost: the bank's decision" : "Won: the bank's decision" })
    .where('key', '=', `dispute:${id}`)
    .where('resolvedAt', 'is', null)
    .execute()
  await releasePayouts(tx, purchase.id)
}

/** Settles refunds that Stripe refused because of the dispute: the bank has now given that money back. */
async function settleOwed(tx: Tx, purchaseId: string, maxCents: number): Promise<number> {
  const asked = await tx
    .selectFrom('refunds')
    .select(['id', 'amountCents'])
    .where('purchaseId', '=', purchaseId)
    .where('status', '=', 'requested')
    .forUpdate()
    .execute()
  const settled: { id: string; amountCents: number }[] = []
  const openCents = () => settled.reduce((open, one) => open - one.amountCents, maxCents)
  for (const refund of asked) if (refund.amountCents <= openCents()) settled.push(refund)
  settled.push(...(await takeOwed(tx, purchaseId, openCents())))
  for (const { id } of settled) {
    await tx
      .updateTable('refunds')
      // A failed earlier try keeps its record and no longer belongs to this refund.
      .set((eb) => ({
        status: 'succeeded',
        failure: "Given back by the member's bank",
        refundId: null,
        try: eb('try', '+', 1),
        triedAt: null,
        settledAt: now(),
      }))
      .where('id', '=', id)
      .execute()
    await recordChanged(tx, 'Refunds', id)
  }
  return maxCents - openCents()
}
