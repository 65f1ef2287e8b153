// Something at Stripe is not as it is here, and no rule says how to repair it: nothing more of that purchase
// is paid out until a person has looked. Never guessed.
import type { Tx } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'

/**
 * Stops the payouts of a purchase and says why. A difference that an operator has already settled stops
 * nothing again.
 */
export async function reportDiscrepancy(
  tx: Tx,
  difference: { purchaseId: string; mark: string; sentence: string },
): Promise<void> {
  const key = `difference:${difference.purchaseId}:${difference.mark}`
  const settled = await tx
    .selectFrom('operatorTasks')
    .select('id')
    .where('key', '=', key)
    .where('resolvedAt', 'is not', null)
    .executeTakeFirst()
  if (settled) return
  await tx
    .updateTable('purchases')
    .set({ payoutsStopped: difference.sentence })
    .where('id', '=', difference.purchaseId)
    .where('payoutsStopped', 'is', null)
    .execute()
  await addOperatorTask(tx, {
    key,
    kind: 'money_difference',
    purchaseId: difference.purchaseId,
    sentence: `${difference.sentence} Payouts of this purchase have stopped; marking this as done lets them go on.`,
  })
}
