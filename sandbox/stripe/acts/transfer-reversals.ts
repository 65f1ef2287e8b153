import { balanceTransactions, record } from '../resources/balance-transaction.ts'
import { emit } from '../resources/events.ts'
import { newReversal, transferReversals } from '../resources/transfer-reversal.ts'
import { transfers } from '../resources/transfer.ts'
import { link, save } from '../wire/documents.ts'
import { applyMetadata, metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { included, page, pageParams } from '../wire/pagination.ts'
import { boolean, integer, text } from '../wire/params.ts'
import { impossible } from '../wire/refusal.ts'
import { inDollars } from './money.ts'

const path = '/v1/transfers/:id/reversals'

export const transferReversalOperations = [
  operation({
    name: 'transfers.create_reversal',
    method: 'POST',
    path,
    params: { amount: integer(1), description: text, metadata, refund_application_fee: boolean },
    act: (call) => {
      const { ctx, id, params } = call
      const transfer = transfers.load(ctx, id)
      const left = transfer.amount - transfer.amount_reversed
      if (left === 0) throw impossible(`Transfer ${id} is already fully reversed.`, 'id')
      const amount = params.amount ?? left
      if (amount > left) {
        throw impossible(
          `Reversal amount (${inDollars(amount)}) is greater than unreversed amount on transfer (${inDollars(left)})`,
          'amount',
        )
      }
      const reversal = newReversal(ctx, transfer, amount, applyMetadata({}, params.metadata))
      const sent = balanceTransactions.find(ctx, transfer.balance_transaction)
      const entry = record(ctx, {
        type: 'transfer_refund',
        category: 'transfer_reversal',
        amount,
        source: reversal.id,
        description: `REFUND FOR TRANSFER${params.description ? ` (${params.description})` : ''}`,
        availableOn: Math.max(sent?.available_on ?? 0, ctx.clock.seconds()),
      })
      const saved = save(ctx, { ...reversal, balance_transaction: entry.id })
      link(ctx, id, saved)
      const reversedCents = transfer.amount_reversed + amount
      const after = save(ctx, {
        ...transfer,
        amount_reversed: reversedCents,
        reversed: reversedCents === transfer.amount,
        reversals: included(ctx, transferReversals, id, `/v1/transfers/${id}/reversals`),
      })
      emit(call, 'transfer.reversed', after, { before: transfer })
      return saved
    },
  }),
  operation({
    name: 'transfers.list_reversals',
    method: 'GET',
    path,
    params: pageParams,
    act: ({ ctx, id, params }) =>
      page(
        transferReversals.linked(ctx, transfers.load(ctx, id).id),
        `/v1/transfers/${id}/reversals`,
        params,
      ),
  }),
  operation({
    name: 'transfers.retrieve_reversal',
    method: 'GET',
    path: `${path}/:reversal`,
    params: {},
    act: ({ ctx, pathParams }) => transferReversals.load(ctx, pathParams['reversal'] ?? ''),
  }),
]
