// What a host sees of Stripe: the onboarding form and the Express dashboard.
import { html } from 'hono/html'
import type { SandboxContext } from '../../core/provider.ts'
import { inDollars } from '../acts/money.ts'
import type { Account } from '../resources/account.ts'
import { accountBalance } from '../resources/balance.ts'
import { transfers } from '../resources/transfer.ts'
import { businessName, layout, type Html } from './layout.ts'

const asked = [
  'Your name, date of birth and address',
  'A bank account for your payouts',
  'The terms of service',
]

export const onboardingPage = (account: Account, token: string): Html =>
  layout(
    `Get paid by ${businessName}`,
    html` <main class="shell">
      <div class="merchant">${businessName}<span class="badge">TEST MODE</span></div>
      <h1>Get paid by ${businessName}</h1>
      <p>
        ${businessName} partners with Stripe for secure payouts.
        ${account.email ? html`You are signing up as <strong>${account.email}</strong>.` : ''} Stripe would
        now ask for:
      </p>
      <ul class="facts">
        ${asked.map((fact) => html`<li><span>${fact}</span></li>`)}
      </ul>
      <form method="post" action="/stripe/connect/onboarding/${token}" class="stack">
        <button name="choice" value="complete">Complete with test data</button>
        <button name="choice" value="later" class="plain">Not now</button>
      </form>
    </main>`,
  )

export function expressPage(ctx: SandboxContext, account: Account): Html {
  const { availableCents, pendingCents } = accountBalance(ctx, account.id)
  const received = transfers.linked(ctx, account.id).toReversed()
  const day = new Intl.DateTimeFormat('en-AU', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Australia/Sydney',
  })
  return layout(
    'Your earnings',
    html` <main class="shell">
      <div class="merchant">${businessName}<span class="badge">TEST MODE</span></div>
      <h1>Your earnings</h1>
      <p>${account.email ?? account.id}</p>
      <dl class="tiles">
        <div class="tile">
          <dt>Available</dt>
          <dd>${inDollars(availableCents)}</dd>
        </div>
        <div class="tile">
          <dt>On the way</dt>
          <dd>${inDollars(pendingCents)}</dd>
        </div>
      </dl>
      <h2>Transfers</h2>
      ${
        received.length === 0
          ? html`<p>Nothing yet. Your first payment shows up here.</p>`
          : html`<ul class="facts">
              ${received.map(
                (transfer) =>
                  html`<li>
                    <span>${day.format(transfer.created * 1000)}</span>
                    <span
                      >${inDollars(transfer.amount)}${transfer.amount_reversed > 0 ? `, ${inDollars(transfer.amount_reversed)} taken back` : ''}</span
                    >
                  </li>`,
              )}
            </ul>`
      }
    </main>`,
  )
}
