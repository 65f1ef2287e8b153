// Stripe and our records differ, and no rule says how to repair it. Nothing is guessed: payouts of that
// purchase stop until a person has looked.
import type { Tx } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'

/**
 * Stops the payouts of a purchase and says why. A discrepancy that an operator has resolved does not stop
 * them again.
 */
export async function reportDiscrepancy(
  tx: Tx,
  discrepancy: { purchaseId: string; mark: string; sentence: string },
): Promise<void> {
  const key = `difference:${discrepancy.purchaseId}:${discrepancy.mark}`
  const settled = await tx
    .selectFrom('operatorTasks')
    .select('id')
    .where('key', '=', key)
    .where('resolvedAt', 'is not', null)
    .executeTakeFirst()
  if (settled) return
  await tx
    .updateTable('purchases')
    .set({ payoutsStopped: discrepancy.sentence })
    .where('id', '=', discrepancy.purchaseId)
    .where('payoutsStopped', 'is', null)
    .execute()
  await addOperatorTask(tx, {
    key,
    kind: 'money_difference',
    purchaseId: discrepancy.purchaseId,
    sentence: `${discrepancy.sentence} Payouts of this purchase have stopped; marking this as done lets them go on.`,
  })
}
