// What the payment service holds: the balance, and every movement that made it.
import { html } from 'hono/html'
import { chip, empty, money, section } from '../parts.ts'
import type { Html, Row, View } from '../parts.ts'
import type { SandboxContext } from '../../core/provider.ts'

type Thing = {
  id: string; created: number; amount: number; currency: string; status?: string; description?: string | null
  metadata?: Record<string, string>
}
type Charge = Thing & { amount_refunded: number; disputed?: boolean; billing_details?: { name: string | null } }
type Transfer = Thing & { destination: string; amount_reversed: number }
type Refund = Thing & { charge: string | null }
type Dispute = Thing & { charge: string; reason: string }
type Checkout = Omit<Thing, 'amount'> & { amount_total: number; payment_status: string; mode: string }
type Account = {
  id: string; created?: number; email?: string | null; charges_enabled?: boolean; payouts_enabled?: boolean; details_submitted?: boolean
  business_profile?: { name?: string | null } | null; metadata?: Record<string, string>
}
type Movement = { net: number; fee: number; currency: string; status: string }

const shown = 50

export function moneyPanel({ ctx }: View): Html {
  const charges = ctx.store.list<Charge>('stripe.charge')
  const refunds = ctx.store.list<Refund>('stripe.refund')
  const transfers = ctx.store.list<Transfer>('stripe.transfer')
  const checkouts = ctx.store.list<Checkout>('stripe.checkout.session')
  const disputes = ctx.store.list<Dispute>('stripe.dispute')
  const accounts = ctx.store.list<Account>('stripe.account')
  if (charges.length + checkouts.length + accounts.length === 0) {
    return empty('No money has moved', html`Buy a session in <a href="${ctx.appUrl}" target="_blank" rel="noreferrer">Presence</a>.
      The card <span class="mono">4242 4242 4242 4242</span> always pays.`)
  }
  return html`
    ${tiles(ctx, charges, transfers)}
    ${section('Charges', latest(charges).map(chargeRow), 'Nothing was charged yet.')}
    ${section('Transfers to hosts', latest(transfers).map((transfer) => transferRow(transfer, accounts)), 'No host was paid yet.')}
    ${section('Refunds', latest(refunds).map(refundRow), 'Nothing was refunded.')}
    ${section('Disputes', latest(disputes).map(disputeRow), 'No payment is disputed.')}
    ${section('Checkouts', latest(checkouts).map(checkoutRow), 'No checkout was opened.')}
    ${section('Connected accounts', latest(accounts).map(accountRow), 'No host has an account yet.')}`
}

const latest = <T>(items: T[]): T[] => items.slice(-shown).reverse()

function tiles(ctx: SandboxContext, charges: Charge[], transfers: Transfer[]): Html {
  const movements = ctx.store.list<Movement>('stripe.balance_transaction')
  const currency = charges[0]?.currency ?? 'aud'
  const sum = (of: Movement[], pick: (movement: Movement) => number) => of.reduce((total, one) => total + pick(one), 0)
  const isAvailable = ({ status }: Movement) => status === 'available'
  const paid = charges.filter((charge) => charge.status === 'succeeded').reduce((total, charge) => total + charge.amount - charge.amount_refunded, 0)
  const figures: [string, number][] = [
    ['Available', sum(movements.filter(isAvailable), ({ net }) => net)],
    ['Pending', sum(movements.filter((one) => !isAvailable(one)), ({ net }) => net)],
    ['Paid by members', paid],
    ['Paid to hosts', transfers.reduce((total, transfer) => total + transfer.amount - transfer.amount_reversed, 0)],
    ['Stripe fees', sum(movements, ({ fee }) => fee)],
  ]
  return html`<dl class="tiles">${figures.map(([label, cents]) => html`
    <div class="card tile"><dt>${label}</dt><dd>${money(cents, currency)}</dd></div>`)}</dl>`
}

const base = (kind: string, { id, amount, currency, created }: Thing) =>
  ({ kind, id, figure: money(amount, currency), atMs: created * 1000 })

function chargeRow(charge: Charge): Row {
  const isRefunded = charge.amount_refunded > 0
  const state = charge.disputed ? 'disputed' : isRefunded ? `refunded ${money(charge.amount_refunded, charge.currency)}` : (charge.status ?? '')
  return { ...base('stripe.charge', charge), title: charge.metadata?.['plan_type'] ?? charge.description ?? 'Charge', detail: who(charge), state: chip(state) }
}

const who = (charge: Charge) => [charge.billing_details?.name, charge.id].filter(Boolean).join(' · ')

function transferRow(transfer: Transfer, accounts: Account[]): Row {
  const account = accounts.find(({ id }) => id === transfer.destination)
  const state = transfer.amount_reversed > 0 ? chip('reversed') : chip('paid')
  return { ...base('stripe.transfer', transfer), title: account ? nameOf(account) : transfer.destination, detail: transfer.id, state }
}

/** Ways to end what waits for a bank; none once it has ended. */
const endings = (isOpen: boolean, address: string, outcomes: [label: string, outcome: string][]): Row['acts'] =>
  isOpen ? outcomes.map(([label, outcome]) => [label, address, { outcome }]) : []

function refundRow(refund: Refund): Row {
  const acts = endings(refund.status === 'pending', `/_sandbox/stripe/refunds/${refund.id}`, [['It succeeds', 'succeeded'], ['It fails', 'failed']])
  return { ...base('stripe.refund', refund), title: 'Refund', detail: `of ${refund.charge}`, state: chip(refund.status ?? ''), acts }
}

function disputeRow(dispute: Dispute): Row {
  const isOpen = !['won', 'lost'].includes(dispute.status ?? '')
  const acts = endings(isOpen, `/_sandbox/stripe/disputes/${dispute.id}`, [['We win it', 'won'], ['We lose it', 'lost']])
  return { ...base('stripe.dispute', dispute), title: dispute.reason, detail: `of ${dispute.charge}`, state: chip(dispute.status ?? ''), acts }
}

function checkoutRow(checkout: Checkout): Row {
  const state = checkout.status === 'complete' ? checkout.payment_status : checkout.status
  return {
    ...base('stripe.checkout.session', { ...checkout, amount: checkout.amount_total }),
    title: checkout.metadata?.['plan_type'] ?? 'Checkout', detail: checkout.id, state: chip(state ?? ''),
  }
}

function accountRow(account: Account): Row {
  const isReady = account.payouts_enabled === true
  const state = isReady ? chip('ready for payouts', 'good') : chip('onboarding', 'busy')
  const acts: Row['acts'] = isReady ? [] : [['Finish onboarding', `/_sandbox/stripe/accounts/${account.id}/onboard`, {}]]
  return { kind: 'stripe.account', id: account.id, title: nameOf(account), detail: account.id, state, acts, ...(account.created ? { atMs: account.created * 1000 } : {}) }
}

const nameOf = (account: Account) => account.business_profile?.name ?? account.metadata?.['host_name'] ?? account.email ?? account.id
