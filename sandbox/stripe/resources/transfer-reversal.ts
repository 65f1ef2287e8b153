import type { SandboxContext } from '../../core/provider.ts'
import { collection, unset } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import type { Metadata } from '../wire/metadata.ts'

export type TransferReversal = ReturnType<typeof newReversal>
export const transferReversals = collection<TransferReversal>({
  object: 'transfer_reversal',
  prefix: 'trr',
  expandable: ['balance_transaction', 'transfer', 'destination_payment_refund', 'source_refund'],
})

export const newReversal = (
  ctx: SandboxContext,
  transfer: { id: string; currency: string },
  amount: number,
  given: Metadata,
) => ({
  id: newId('trr'),
  object: 'transfer_reversal' as const,
  amount,
  balance_transaction: unset<string>(),
  created: ctx.clock.seconds(),
  currency: transfer.currency,
  destination_payment_refund: newId('pyr') as string | null,
  metadata: given,
  source_refund: unset<string>(),
  transfer: transfer.id,
})
