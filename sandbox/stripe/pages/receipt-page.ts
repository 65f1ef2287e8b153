import { html } from 'hono/html'
import { inDollars } from '../acts/money.ts'
import type { Charge } from '../resources/charge.ts'
import { businessName, layout, type Html } from './layout.ts'

export function receiptPage(charge: Charge): Html {
  const { card, au_becs_debit: account } = charge.payment_method_details
  const paidWith = card
    ? `${card.brand.toUpperCase()} ending in ${card.last4}`
    : `Bank account ending in ${account?.last4}`
  const inSydney = new Intl.DateTimeFormat('en-AU', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Australia/Sydney',
  })
  const paidAt = inSydney.format(charge.created * 1000)
  return layout(
    `Receipt from ${businessName}`,
    html` <main class="shell">
      <div class="merchant">${businessName}<span class="badge">TEST MODE</span></div>
      <h1>Receipt from ${businessName}</h1>
      <ul class="facts">
        <li><span>Amount paid</span><strong>${inDollars(charge.amount)}</strong></li>
        <li><span>Date paid</span><span>${paidAt} (Sydney)</span></li>
        <li><span>Payment method</span><span>${paidWith}</span></li>
        ${charge.description ? html`<li><span>For</span><span>${charge.description}</span></li>` : ''}
        ${charge.amount_refunded > 0 ? html`<li><span>Refunded</span><span>${inDollars(charge.amount_refunded)}</span></li>` : ''}
      </ul>
    </main>`,
  )
}
