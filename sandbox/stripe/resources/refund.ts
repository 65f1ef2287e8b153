import type { SandboxContext } from '../../core/provider.ts'
import { collection, unset } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import type { Metadata } from '../wire/metadata.ts'
import type { Charge } from './charge.ts'

export type Refund = ReturnType<typeof newRefund>
export const refunds = collection<Refund>({
  object: 'refund',
  prefix: 're',
  expandable: [
    'balance_transaction',
    'charge',
    'payment_intent',
    'customer',
    'payment_method',
    'source_transfer_reversal',
    'transfer_reversal',
    'failure_balance_transaction',
  ],
})
export type RefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer'
type Status = 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled'

export const newRefund = (
  ctx: SandboxContext,
  charge: Charge,
  amountCents: number,
  status: Status,
  reason: RefundReason | null,
) => ({
  id: newId('re'),
  object: 'refund' as const,
  amount: amountCents,
  balance_transaction: unset<string>(),
  charge: charge.id as string | null,
  created: ctx.clock.seconds(),
  currency: charge.currency,
  customer: charge.customer,
  customer_account: unset<string>(),
  destination_details: {
    card: {
      reference_status: 'pending',
      reference_type: 'acquirer_reference_number',
      type: 'refund' as const,
    },
    type: 'card',
  },
  failure_balance_transaction: undefined as string | undefined,
  failure_reason: undefined as string | undefined,
  metadata: {} as Metadata | null,
  payment_intent: charge.payment_intent,
  payment_method: charge.payment_method,
  ...(status === 'pending' && { pending_reason: 'processing' as const }),
  reason,
  receipt_number: unset<string>(),
  source_transfer_reversal: unset<string>(),
  status,
  transfer_reversal: unset<string>(),
})
