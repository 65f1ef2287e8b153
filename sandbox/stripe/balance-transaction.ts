import type { SandboxContext } from '../core/provider.ts'
import { save, unset } from './documents.ts'
import { newId } from './ids.ts'

type FeeDetail = { amount: number; application: string | null; currency: string; description: string | null; type: string }
export type BalanceTransaction = ReturnType<typeof newBalanceTransaction>

type Entry = {
  type: 'charge' | 'refund' | 'refund_failure' | 'transfer' | 'transfer_refund' | 'adjustment'
  category: 'charge' | 'refund' | 'refund_failure' | 'transfer' | 'transfer_reversal' | 'dispute' | 'dispute_reversal'
  /** Signed cents before the fee. */
  amount: number
  fee?: number
  feeDescription?: string
  source: string
  description: string | null
  /** Unix seconds; now when left out. */
  availableOn?: number
}

function newBalanceTransaction(ctx: SandboxContext, entry: Entry) {
  const { amount, fee = 0 } = entry
  const created = ctx.clock.seconds()
  const feeDetails: FeeDetail[] = fee === 0 ? [] : [
    { amount: fee, application: null, currency: 'aud', description: entry.feeDescription ?? 'Stripe processing fees', type: 'stripe_fee' },
  ]
  return {
    id: newId('txn'),
    object: 'balance_transaction' as const,
    amount,
    available_on: entry.availableOn ?? created,
    balance_type: 'payments' as const,
    created,
    currency: 'aud',
    description: entry.description,
    exchange_rate: unset<number>(),
    fee,
    fee_details: feeDetails,
    net: amount - fee,
    reporting_category: entry.category,
    source: entry.source,
    status: 'pending' as 'pending' | 'available',
    type: entry.type,
  }
}

/** Writes one movement of the platform's balance. */
export const record = (ctx: SandboxContext, entry: Entry): BalanceTransaction => save(ctx, newBalanceTransaction(ctx, entry))
