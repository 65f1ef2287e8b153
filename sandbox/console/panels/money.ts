// What the payment service holds: the balance, and every movement that made it.
import { html } from 'hono/html'
import { platformBalance } from '../../stripe/resources/balance.ts'
import { all } from '../../stripe/wire/documents.ts'
import type { Documents } from '../../stripe/wire/documents.ts'
import { chip, empty, money, section } from '../parts.ts'
import type { Html, Row, View } from '../parts.ts'
import type { SandboxContext } from '../../core/provider.ts'

type Charge = Documents['charge']
type Transfer = Documents['transfer']
type Account = Documents['account']

const shown = 50

export function moneyPanel({ ctx }: View): Html {
  const charges = all(ctx, 'charge')
  const refunds = all(ctx, 'refund')
  const transfers = all(ctx, 'transfer')
  const checkouts = all(ctx, 'checkout.session')
  const disputes = all(ctx, 'dispute')
  const accounts = all(ctx, 'account')
  if (charges.length + checkouts.length + accounts.length === 0) {
    return empty(
      'No money has moved',
      html`Buy a session in <a href="${ctx.appUrl}" target="_blank" rel="noreferrer">Presence</a>. The card
        <span class="mono">4242 4242 4242 4242</span> always pays.`,
    )
  }
  return html` ${tiles(ctx, charges, transfers)}
  ${section('Charges', latest(charges).map(chargeRow), 'Nothing was charged yet.')}
  ${section(
    'Transfers to hosts',
    latest(transfers).map((transfer) => transferRow(transfer, accounts)),
    'No host was paid yet.',
  )}
  ${section('Refunds', latest(refunds).map(refundRow), 'Nothing was refunded.')}
  ${section('Disputes', latest(disputes).map(disputeRow), 'No payment is disputed.')}
  ${section('Checkouts', latest(checkouts).map(checkoutRow), 'No checkout was opened.')}
  ${section('Connected accounts', latest(accounts).map(accountRow), 'No host has an account yet.')}`
}

const latest = <T>(items: T[]): T[] => items.slice(-shown).reverse()

function tiles(ctx: SandboxContext, charges: Charge[], transfers: Transfer[]): Html {
  const currency = charges[0]?.currency ?? 'aud'
  const { availableCents, pendingCents } = platformBalance(ctx)
  const fees = all(ctx, 'balance_transaction').reduce((total, { fee }) => total + fee, 0)
  const paid = charges
    .filter((charge) => charge.status === 'succeeded')
    .reduce((total, charge) => total + charge.amount - charge.amount_refunded, 0)
  const figures: [string, number][] = [
    ['Available', availableCents],
    ['Pending', pendingCents],
    ['Paid by members', paid],
    [
      'Paid to hosts',
      transfers.reduce((total, transfer) => total + transfer.amount - transfer.amount_reversed, 0),
    ],
    ['Stripe fees', fees],
  ]
  return html`<dl class="tiles">
    ${figures.map(
      ([label, cents]) =>
        html` <div class="card tile">
          <dt>${label}</dt>
          <dd>${money(cents, currency)}</dd>
        </div>`,
    )}
  </dl>`
}

type Movement = { object: string; id: string; amount: number; currency: string; created: number }
const base = ({ object, id, amount, currency, created }: Movement) => ({
  kind: `stripe.${object}`,
  id,
  figure: money(amount, currency),
  atMs: created * 1000,
})

function chargeRow(charge: Charge): Row {
  const isRefunded = charge.amount_refunded > 0
  const state = charge.disputed
    ? 'disputed'
    : isRefunded
      ? `refunded ${money(charge.amount_refunded, charge.currency)}`
      : (charge.status ?? '')
  const isWhole = charge.paid && !charge.disputed && !charge.refunded
  const at = `/_sandbox/stripe/charges/${charge.id}`
  const acts: Row['acts'] = isWhole
    ? [
        ['Refund from the dashboard', `${at}/refund`, {}],
        ["The member's bank disputes it", `${at}/dispute`, {}],
      ]
    : []
  return {
    ...base(charge),
    title: charge.metadata?.['plan_type'] ?? charge.description ?? 'Charge',
    detail: who(charge),
    state: chip(state),
    acts,
  }
}

const who = (charge: Charge) => [charge.billing_details?.name, charge.id].filter(Boolean).join(' · ')

function transferRow(transfer: Transfer, accounts: Account[]): Row {
  const account = accounts.find(({ id }) => id === transfer.destination)
  const state = transfer.amount_reversed > 0 ? chip('reversed') : chip('paid')
  return {
    ...base(transfer),
    title: account ? nameOf(account) : transfer.destination,
    detail: transfer.id,
    state,
  }
}

/** Ways to end what waits for a bank; none once it has ended. */
const endings = (
  isOpen: boolean,
  address: string,
  outcomes: [label: string, outcome: string][],
): Row['acts'] => (isOpen ? outcomes.map(([label, outcome]) => [label, address, { outcome }]) : [])

function refundRow(refund: Documents['refund']): Row {
  const acts = endings(refund.status === 'pending', `/_sandbox/stripe/refunds/${refund.id}`, [
    ['It succeeds', 'succeeded'],
    ['It fails', 'failed'],
  ])
  return {
    ...base(refund),
    title: 'Refund',
    detail: `of ${refund.charge}`,
    state: chip(refund.status ?? ''),
    acts,
  }
}

function disputeRow(dispute: Documents['dispute']): Row {
  const isOpen = !['won', 'lost'].includes(dispute.status ?? '')
  const acts = endings(isOpen, `/_sandbox/stripe/disputes/${dispute.id}`, [
    ['We win it', 'won'],
    ['We lose it', 'lost'],
  ])
  return {
    ...base(dispute),
    title: dispute.reason.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase()),
    detail: `of ${dispute.charge}`,
    state: chip(dispute.status ?? ''),
    acts,
  }
}

function checkoutRow(checkout: Documents['checkout.session']): Row {
  const state = checkout.status === 'complete' ? checkout.payment_status : checkout.status
  return {
    ...base({ ...checkout, amount: checkout.amount_total ?? 0, currency: checkout.currency ?? 'aud' }),
    title: checkout.metadata?.['plan_type'] ?? 'Checkout',
    detail: checkout.id,
    state: chip(state ?? ''),
  }
}

function accountRow(account: Account): Row {
  const isReady = account.payouts_enabled === true
  const state = isReady ? chip('ready for payouts', 'good') : chip('onboarding', 'busy')
  const acts: Row['acts'] = isReady
    ? []
    : [['Finish onboarding', `/_sandbox/stripe/accounts/${account.id}/onboard`, {}]]
  return {
    kind: 'stripe.account',
    id: account.id,
    title: nameOf(account),
    detail: account.id,
    state,
    acts,
    ...(account.created ? { atMs: account.created * 1000 } : {}),
  }
}

const nameOf = (account: Account) =>
  account.business_profile?.name ?? account.metadata?.['host_name'] ?? account.email ?? account.id
