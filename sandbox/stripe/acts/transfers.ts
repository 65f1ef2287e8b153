// Platform -> connected account: https://docs.stripe.com/connect/separate-charges-and-transfers
import type { SandboxContext } from '../../core/provider.ts'
import { refuseBorder } from '../resources/platform.ts'
import { accounts } from '../resources/account.ts'
import { balanceTransactions, record } from '../resources/balance-transaction.ts'
import { platformBalance } from '../resources/balance.ts'
import { charges, type Charge } from '../resources/charge.ts'
import { emit } from '../resources/events.ts'
import {
  newTransfer,
  transferParams,
  transfers,
  type Transfer,
  type TransferParams,
} from '../resources/transfer.ts'
import type { Cause } from '../wire/cause.ts'
import { link, save } from '../wire/documents.ts'
import { equals, listing } from '../wire/listing.ts'
import { applyMetadata, metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { clearable, text } from '../wire/params.ts'
import { impossible, missingParam, noSuch } from '../wire/refusal.ts'
import { inDollars } from './money.ts'

const fundsHelp =
  'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating ' +
  'Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance'

/**
 * The charge a transfer draws on, and when its money becomes available; refuses more than the charge's
 * amount.
 */
function sourceOf(ctx: SandboxContext, id: string, amount: number): { source: Charge; availableOn: number } {
  const source = charges.load(ctx, id, 'source_transaction')
  const funds = source.balance_transaction
    ? balanceTransactions.find(ctx, source.balance_transaction)
    : undefined
  if (!funds)
    throw impossible(
      `The charge ${id} has no balance transaction: it has failed or is still pending.`,
      'source_transaction',
    )
  const drawn = transfers
    .linked(ctx, id)
    .reduce((total, transfer) => total + transfer.amount - transfer.amount_reversed, 0)
  if (drawn + amount > source.amount) {
    const already =
      drawn > 0 ? ` (There is already a transfer using this source, amounting to ${inDollars(drawn)}.)` : ''
    const limit = `Transfers using this transaction as a source must not exceed the source amount of ${inDollars(source.amount)}.`
    throw impossible(limit + already, 'amount')
  }
  return { source, availableOn: funds.available_on }
}

function createTransfer(cause: Cause, params: TransferParams): Transfer {
  const { ctx } = cause
  const { amount, destination } = params
  if (amount === undefined) throw missingParam('amount')
  const account = accounts.find(ctx, destination)
  if (!account) throw noSuch('destination', destination, 'destination')
  if (account.capabilities.transfers !== 'active') {
    throw impossible(
      'Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, ' +
        'legacy_payments',
      'destination',
      'insufficient_capabilities_for_transfer',
    )
  }
  refuseBorder(ctx, account.country)
  const drawnOn = params.source_transaction ? sourceOf(ctx, params.source_transaction, amount) : undefined
  if (!drawnOn && platformBalance(ctx).availableCents < amount)
    throw impossible(fundsHelp, undefined, 'balance_insufficient')

  const transfer = newTransfer(ctx, params, amount, drawnOn?.source)
  const entry = record(ctx, {
    type: 'transfer',
    category: 'transfer',
    amount: -amount,
    source: transfer.id,
    description: transfer.description,
    availableOn: Math.max(drawnOn?.availableOn ?? 0, ctx.clock.seconds()),
  })
  const saved = save(ctx, { ...transfer, balance_transaction: entry.id })
  link(ctx, destination, saved)
  if (drawnOn) link(ctx, drawnOn.source.id, saved)
  emit(cause, 'transfer.created', saved)
  return saved
}

export const transferOperations = [
  operation({
    name: 'transfers.create',
    method: 'POST',
    path: '/v1/transfers',
    params: transferParams,
    act: (call) => createTransfer(call, call.params),
  }),
  operation({
    name: 'transfers.retrieve',
    method: 'GET',
    path: '/v1/transfers/:id',
    params: {},
    act: ({ ctx, id }) => transfers.load(ctx, id),
  }),
  operation({
    name: 'transfers.update',
    method: 'POST',
    path: '/v1/transfers/:id',
    params: { metadata, description: clearable(text) },
    act: (call) => {
      const before = transfers.load(call.ctx, call.id)
      const description = call.params.description === undefined ? before.description : call.params.description
      const after = save(call.ctx, {
        ...before,
        description,
        metadata: applyMetadata(before.metadata, call.params.metadata),
      })
      emit(call, 'transfer.updated', after, { before })
      return after
    },
  }),
  listing({
    name: 'transfers.list',
    path: '/v1/transfers',
    of: transfers,
    filters: { destination: text, transfer_group: text },
    matches: (transfer, { destination, transfer_group: group }) =>
      equals(transfer.destination, destination) && equals(transfer.transfer_group, group),
  }),
]
