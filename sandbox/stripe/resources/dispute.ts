import { daySeconds } from '../../core/durations.ts'
import type { SandboxContext } from '../../core/provider.ts'
import { collection } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import type { Metadata } from '../wire/metadata.ts'
import type { BalanceTransaction } from './balance-transaction.ts'
import type { Charge } from './charge.ts'

export type Dispute = ReturnType<typeof newDispute>
export const disputes = collection<Dispute>({
  object: 'dispute',
  prefix: 'du',
  expandable: ['charge', 'payment_intent'],
})
export type DisputeReason = 'fraudulent' | 'product_not_received'
type Status = 'needs_response' | 'under_review' | 'won' | 'lost'

export const evidenceNames = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
]

export function newDispute(ctx: SandboxContext, charge: Charge, reason: DisputeReason) {
  const created = ctx.clock.seconds()
  const network = charge.payment_method_details.card?.brand ?? 'visa'
  const evidence: Record<string, unknown> = Object.fromEntries(evidenceNames.map((name) => [name, null]))
  return {
    id: newId('du'),
    object: 'dispute' as const,
    amount: charge.amount,
    balance_transactions: [] as BalanceTransaction[],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {
      ...evidence,
      customer_email_address: charge.billing_details.email,
      customer_name: charge.billing_details.name,
      enhanced_evidence: {},
    },
    evidence_details: {
      due_by: (created + 9 * daySeconds) as number | null,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted' as 'manual' | 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false as const,
    metadata: {} as Metadata,
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: network,
        case_type: 'chargeback',
        network,
        network_reason_code: reason === 'fraudulent' ? '10.4' : '13.1',
      },
      type: 'card',
    },
    reason,
    status: 'needs_response' as Status,
  }
}
