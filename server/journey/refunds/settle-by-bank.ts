// Through a lost dispute the member's bank gives money back instead of us. It settles refunds that are still
// owed, then ends unused sessions. If the bank decides otherwise later, all that is owed to the member again.
import type { Tx } from '../../db/client.ts'
import { closeOperatorTask, reopenOperatorTask } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { newId } from '../../lib/ids.ts'
import type { Currency } from '../../lib/money.ts'
import { now } from '../../lib/time.ts'
import { closeIfAllRefunded, lockBookings, takePart } from './apply-refund.ts'
import { leftOf, partOf } from './money-parts.ts'
import { takeOwed } from './take-owed.ts'

type Purchase = { id: string; memberId: string; currency: Currency }

/**
 * Makes what a dispute settles at most `maxCents`, and as much of that as is owed or unused. Answers the
 * cents that it settled before and settles now. The purchase must be locked.
 */
export async function settleByBank(
  tx: Tx,
  purchase: Purchase,
  disputeId: string,
  maxCents: number,
): Promise<{ beforeCents: number; afterCents: number }> {
  const settled = await tx
    .selectFrom('refunds')
    .select(['id', 'amountCents'])
    .where('disputeId', '=', disputeId)
    .orderBy('id')
    .forUpdate()
    .execute()
  const beforeCents = settled.reduce((sum, one) => sum + one.amountCents, 0)
  const isLess = beforeCents > maxCents
  if (isLess) for (const { id } of settled) await oweAgain(tx, id)
  const openCents = maxCents - (isLess ? 0 : beforeCents)
  const owedCents = openCents > 0 ? await settleOwed(tx, purchase, disputeId, openCents) : 0
  const unusedCents =
    openCents > owedCents ? await endUnused(tx, purchase, disputeId, openCents - owedCents) : 0
  if (isLess) await askOperator(tx, purchase)
  return { beforeCents, afterCents: maxCents - openCents + owedCents + unusedCents }
}

/** Settles refunds that Stripe refused because of the dispute. One failed earlier keeps its record there. */
async function settleOwed(tx: Tx, purchase: Purchase, disputeId: string, maxCents: number): Promise<number> {
  const asked = await tx
    .selectFrom('refunds')
    .select(['id', 'amountCents'])
    .where('purchaseId', '=', purchase.id)
    .where('status', '=', 'requested')
    .orderBy('id')
    .forUpdate()
    .execute()
  const settled: { id: string; amountCents: number }[] = []
  const openCents = () => settled.reduce((open, one) => open - one.amountCents, maxCents)
  for (const refund of asked) if (refund.amountCents <= openCents()) settled.push(refund)
  settled.push(...(await takeOwed(tx, purchase.id, openCents())))
  for (const { id } of settled) {
    await tx
      .updateTable('refunds')
      .set((eb) => ({
        ...byBank,
        disputeId,
        refundId: null,
        try: eb('try', '+', 1),
        triedAt: null,
        settledAt: now(),
      }))
      .where('id', '=', id)
      .execute()
    await closeOperatorTask(tx, `refund_failed:${id}`, byBank.failure)
    await recordChanged(tx, 'Refunds', id)
  }
  return maxCents - openCents()
}

const byBank = { status: 'succeeded' as const, failure: "Given back by the member's bank" }

/** Ends unused sessions whose whole rest fits into `maxCents`, as a refund that the bank has made. */
async function endUnused(tx: Tx, purchase: Purchase, disputeId: string, maxCents: number): Promise<number> {
  let endedCents = 0
  const ended = (await lockBookings(tx, purchase.id)).filter((booking) => {
    const isUnused = booking.state === 'pending' || booking.state === 'created'
    if (!isUnused || leftOf(booking) === 0 || endedCents + leftOf(booking) > maxCents) return false
    endedCents += leftOf(booking)
    return true
  })
  if (ended.length === 0) return 0
  const refundId = newId()
  await tx
    .insertInto('refunds')
    .values({
      id: refundId,
      purchaseId: purchase.id,
      amountCents: endedCents,
      currency: purchase.currency,
      reason: 'Disputed',
      source: 'stripe',
      ...byBank,
      disputeId,
      createdAt: now(),
      settledAt: now(),
    })
    .execute()
  for (const booking of ended) await takePart(tx, purchase, refundId, partOf(booking, leftOf(booking)))
  await closeIfAllRefunded(tx, purchase.id)
  await recordChanged(tx, 'Refunds', refundId)
  return endedCents
}

const tookBack = 'The bank took its money back'

async function oweAgain(tx: Tx, refundId: string): Promise<void> {
  await tx
    .updateTable('refunds')
    .set({ status: 'failed', failure: tookBack, disputeId: null, settledAt: now() })
    .where('id', '=', refundId)
    .execute()
  await recordChanged(tx, 'Refunds', refundId)
}

async function askOperator(tx: Tx, purchase: Purchase): Promise<void> {
  const owed = await tx
    .selectFrom('refunds')
    .select('id')
    .where('purchaseId', '=', purchase.id)
    .where('status', '=', 'failed')
    .where('failure', '=', tookBack)
    .orderBy('id')
    .execute()
  for (const refund of owed)
    await reopenOperatorTask(tx, {
      key: `refund_failed:${refund.id}`,
      kind: 'refund_failed',
      purchaseId: purchase.id,
      memberId: purchase.memberId,
      sentence:
        "A member's bank gave money back and now has returned it to Presence, so the member is owed it again. " +
        "Try the refund here, or make it in Stripe's dashboard, which is noticed by itself.",
    })
}
