import type { SandboxContext } from '../../core/provider.ts'
import { collection, unset } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import { applyMetadata, metadata, type Metadata } from '../wire/metadata.ts'
import { page, type List } from '../wire/pagination.ts'
import { currency, integer, oneOf, required, text, type Values } from '../wire/params.ts'
import type { Charge } from './charge.ts'
import type { TransferReversal } from './transfer-reversal.ts'

export type Transfer = ReturnType<typeof newTransfer>
export const transfers = collection<Transfer>({
  object: 'transfer',
  prefix: 'tr',
  expandable: ['balance_transaction', 'destination', 'source_transaction'],
})

export const transferParams = {
  amount: integer(1),
  currency: required(currency),
  destination: required(text),
  description: text,
  metadata,
  source_transaction: text,
  source_type: oneOf('card', 'bank_account', 'fpx'),
  transfer_group: text,
}
export type TransferParams = Values<typeof transferParams>

export function newTransfer(
  ctx: SandboxContext,
  params: TransferParams,
  amount: number,
  source: Charge | undefined,
) {
  const id = newId('tr')
  const reversals: List<TransferReversal> = page([], `/v1/transfers/${id}/reversals`, {})
  return {
    id,
    object: 'transfer' as const,
    amount,
    amount_reversed: 0,
    balance_transaction: '',
    created: ctx.clock.seconds(),
    currency: params.currency,
    description: params.description ?? null,
    destination: params.destination,
    destination_payment: newId('py'),
    livemode: false as const,
    metadata: applyMetadata({}, params.metadata) as Metadata,
    reversals,
    reversed: false,
    source_transaction: params.source_transaction ?? unset<string>(),
    source_type: 'card' as const,
    transfer_group:
      params.transfer_group ?? source?.transfer_group ?? (source ? `group_${source.id}` : unset<string>()),
  }
}
