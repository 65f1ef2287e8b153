// What the payment service holds: the balance, and every movement that made it.
import { html } from 'hono/html'
import type { SandboxContext } from '../../core/provider.ts'
import { accounts } from '../../stripe/resources/account.ts'
import { balanceTransactions } from '../../stripe/resources/balance-transaction.ts'
import { platformBalance } from '../../stripe/resources/balance.ts'
import { charges, type Charge } from '../../stripe/resources/charge.ts'
import { checkoutSessions } from '../../stripe/resources/checkout-session.ts'
import { disputes } from '../../stripe/resources/dispute.ts'
import { refunds } from '../../stripe/resources/refund.ts'
import { transfers, type Transfer } from '../../stripe/resources/transfer.ts'
import { empty, money, section, type Html, type View } from '../parts.ts'
import { accountRow, chargeRow, checkoutRow, disputeRow, refundRow, transferRow } from './money-rows.ts'

const shown = 50

export function moneyPanel({ ctx }: View): Html {
  const hosts = accounts.all(ctx)
  const charged = charges.all(ctx)
  const opened = checkoutSessions.all(ctx)
  const paidOut = transfers.all(ctx)
  if (charged.length + opened.length + hosts.length === 0) {
    return empty(
      'No money has moved',
      html`Buy a session in <a href="${ctx.appUrl}" target="_blank" rel="noreferrer">Presence</a>. The card
        <span class="mono">4242 4242 4242 4242</span> always pays.`,
    )
  }
  return html` ${tiles(ctx, charged, paidOut)}
  ${section('Charges', latest(charged).map(chargeRow), 'Nothing was charged yet.')}
  ${section(
    'Transfers to hosts',
    latest(paidOut).map((transfer) => transferRow(transfer, hosts)),
    'No host was paid yet.',
  )}
  ${section('Refunds', latest(refunds.all(ctx)).map(refundRow), 'Nothing was refunded.')}
  ${section('Disputes', latest(disputes.all(ctx)).map(disputeRow), 'No payment is disputed.')}
  ${section('Checkouts', latest(opened).map(checkoutRow), 'No checkout was opened.')}
  ${section('Connected accounts', latest(hosts).map(accountRow), 'No host has an account yet.')}`
}

const latest = <T>(items: T[]): T[] => items.slice(-shown).reverse()

function tiles(ctx: SandboxContext, charged: Charge[], paidOut: Transfer[]): Html {
  const currency = charged[0]?.currency ?? 'aud'
  const { availableCents, pendingCents } = platformBalance(ctx)
  const fees = balanceTransactions.all(ctx).reduce((total, { fee }) => total + fee, 0)
  const paid = charged
    .filter((charge) => charge.status === 'succeeded')
    .reduce((total, charge) => total + charge.amount - charge.amount_refunded, 0)
  const figures: [string, number][] = [
    ['Available', availableCents],
    ['Pending', pendingCents],
    ['Paid by members', paid],
    [
      'Paid to hosts',
      paidOut.reduce((total, transfer) => total + transfer.amount - transfer.amount_reversed, 0),
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
