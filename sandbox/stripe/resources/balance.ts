import type { SandboxContext } from '../../core/provider.ts'
import { equals, listing } from '../wire/listing.ts'
import { operation } from '../wire/operation.ts'
import { text } from '../wire/params.ts'
import { accounts } from './account.ts'
import { balanceTransactions } from './balance-transaction.ts'
import { transfers } from './transfer.ts'

export type Balance = { availableCents: number; pendingCents: number }

/** The platform's balance now. */
export function platformBalance(ctx: SandboxContext): Balance {
  return sum(
    balanceTransactions.all(ctx).map(({ net, status }) => ({
      cents: net,
      isAvailable: status === 'available',
    })),
  )
}

/** A connected account has what was transferred and not reversed; the sandbox pays nothing out to banks. */
export function accountBalance(ctx: SandboxContext, account: string): Balance {
  return sum(
    transfers.linked(ctx, account).map((transfer) => ({
      cents: transfer.amount - transfer.amount_reversed,
      isAvailable: balanceTransactions.find(ctx, transfer.balance_transaction)?.status === 'available',
    })),
  )
}

function sum(parts: { cents: number; isAvailable: boolean }[]): Balance {
  const of = (isAvailable: boolean) =>
    parts.filter((part) => part.isAvailable === isAvailable).reduce((total, { cents }) => total + cents, 0)
  return { availableCents: of(true), pendingCents: of(false) }
}

const entry = (cents: number) => [{ amount: cents, currency: 'aud', source_types: { card: cents } }]

export const balanceOperations = [
  operation({
    name: 'balance.retrieve',
    method: 'GET',
    path: '/v1/balance',
    params: {},
    worksForAccounts: true,
    act: ({ ctx, account }) => {
      const { availableCents, pendingCents } = account
        ? accountBalance(ctx, accounts.load(ctx, account).id)
        : platformBalance(ctx)
      return {
        object: 'balance',
        livemode: false,
        available: entry(availableCents),
        pending: entry(pendingCents),
        ...(!account && { connect_reserved: [{ amount: 0, currency: 'aud' }] }),
      }
    },
  }),
  operation({
    name: 'balance_transactions.retrieve',
    method: 'GET',
    path: '/v1/balance_transactions/:id',
    params: {},
    act: ({ ctx, id }) => balanceTransactions.load(ctx, id),
  }),
  listing({
    name: 'balance_transactions.list',
    path: '/v1/balance_transactions',
    of: balanceTransactions,
    filters: { type: text, source: text, currency: text },
    matches: (entry, { type, source, currency }) =>
      equals(entry.type, type) && equals(entry.source, source) && equals(entry.currency, currency),
  }),
]
