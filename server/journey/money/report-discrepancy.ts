// Stripe and our records differ, and no rule says how to repair it. Nothing is guessed: payouts of that
// purchase stop while its task is open (the view paused_purchases), until a person has looked.
import type { Tx } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'

/**
 * Stops the payouts of a purchase by a task that says why. A discrepancy that an operator has resolved does
 * not stop them again.
 */
export async function reportDiscrepancy(
  tx: Tx,
  discrepancy: { purchaseId: string; mark: string; sentence: string },
): Promise<void> {
  const key = `difference:${discrepancy.purchaseId}:${discrepancy.mark}`
  await addOperatorTask(tx, {
    key,
    kind: 'money_difference',
    purchaseId: discrepancy.purchaseId,
    sentence:
      `${discrepancy.sentence} Payouts of this purchase have stopped; ` +
      'they go on when every such task of it is done.',
  })
}
