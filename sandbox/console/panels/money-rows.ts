// One row of the console for each Stripe object, with its buttons.
import type { Account } from '../../stripe/resources/account.ts'
import type { Charge } from '../../stripe/resources/charge.ts'
import type { Session } from '../../stripe/resources/checkout-session.ts'
import type { Dispute } from '../../stripe/resources/dispute.ts'
import type { Refund } from '../../stripe/resources/refund.ts'
import type { Transfer } from '../../stripe/resources/transfer.ts'
import { chip, money, type Row } from '../parts.ts'

type Movement = { object: string; id: string; amount: number; currency: string; created: number }
const base = ({ object, id, amount, currency, created }: Movement) => ({
  kind: `stripe.${object}`,
  id,
  figure: money(amount, currency),
  atMs: created * 1000,
})

export function chargeRow(charge: Charge): Row {
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

export function transferRow(transfer: Transfer, accounts: Account[]): Row {
  const account = accounts.find(({ id }) => id === transfer.destination)
  const state = transfer.amount_reversed > 0 ? chip('reversed') : chip('paid')
  return {
    ...base(transfer),
    title: account ? nameOf(account) : transfer.destination,
    detail: transfer.id,
    state,
  }
}

/** Buttons that end what waits for a bank; none once it has ended. */
const endings = (
  isOpen: boolean,
  address: string,
  outcomes: [label: string, outcome: string][],
): Row['acts'] => (isOpen ? outcomes.map(([label, outcome]) => [label, address, { outcome }]) : [])

export function refundRow(refund: Refund): Row {
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

export function disputeRow(dispute: Dispute): Row {
  const isOpen = !['won', 'lost'].includes(dispute.status ?? '')
  const address = `/_sandbox/stripe/disputes/${dispute.id}`
  const isWithheld = dispute.balance_transactions.reduce((sum, entry) => sum + entry.amount, 0) < 0
  const decisions = endings(isOpen, address, [
    ['We win it', 'won'],
    ['We lose it', 'lost'],
  ])
  const comesBack: Row['acts'] =
    !isOpen && isWithheld ? [['Its money comes back', `${address}/funds`, {}]] : []
  const acts = [...(decisions ?? []), ...comesBack]
  return {
    ...base(dispute),
    title: dispute.reason.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase()),
    detail: `of ${dispute.charge}`,
    state: chip(dispute.status ?? ''),
    acts,
  }
}

export function checkoutRow(checkout: Session): Row {
  const state = checkout.status === 'complete' ? checkout.payment_status : checkout.status
  return {
    ...base({ ...checkout, amount: checkout.amount_total ?? 0, currency: checkout.currency ?? 'aud' }),
    title: checkout.metadata?.['plan_type'] ?? 'Checkout',
    detail: checkout.id,
    state: chip(state ?? ''),
  }
}

export function accountRow(account: Account): Row {
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
