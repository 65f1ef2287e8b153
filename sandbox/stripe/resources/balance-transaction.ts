import type { SandboxContext } from '../../core/provider.ts'
import { collection, save, unset } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'

type FeeDetail = {
  amount: number
  application: string | null
  currency: string
  description: string | null
  type: string
}
export type BalanceTransaction = ReturnType<typeof newBalanceTransaction>
export const balanceTransactions = collection<BalanceTransaction>({
  object: 'balance_transaction',
  prefix: 'txn',
  expandable: ['source'],
  // Pending money becomes available by passing of time alone.
  asOfNow: (ctx, entry) => ({
    ...entry,
    status: entry.available_on <= ctx.clock.seconds() ? 'available' : 'pending',
  }),
})

type Entry = {
  type: 'charge' | 'refund' | 'refund_failure' | 'transfer' | 'transfer_refund' | 'adjustment'
  category:
    | 'charge'
    | 'refund'
    | 'refund_failure'
    | 'transfer'
    | 'transfer_reversal'
    | 'dispute'
    | 'dispute_reversal'
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
  const feeDetails: FeeDetail[] =
    fee === 0
      ? []
      : [
          {
            amount: fee,
            application: null,
            currency: 'aud',
            description: entry.feeDescription ?? 'Stripe processing fees',
            type: 'stripe_fee',
          },
        ]
  const availableOn = entry.availableOn ?? created
  return {
    id: newId('txn'),
    object: 'balance_transaction' as const,
    amount,
    available_on: availableOn,
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
    status: (availableOn <= created ? 'available' : 'pending') as 'available' | 'pending',
    type: entry.type,
  }
}

/** Writes one movement of the platform's balance. */
export function record(ctx: SandboxContext, entry: Entry): BalanceTransaction {
  const made = newBalanceTransaction(ctx, entry)
  if (made.status === 'pending')
    ctx.schedule('stripe', 'funds_available', made.available_on * 1000, { id: made.id })
  return save(ctx, made)
}

/** Stores that pending money became available; reads see it by the clock even before. */
export function markAvailable(ctx: SandboxContext, id: string): void {
  save(ctx, balanceTransactions.load(ctx, id))
  ctx.changed('stripe')
}
