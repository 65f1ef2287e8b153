import { html } from 'hono/html'
import type { SandboxContext } from '../../core/provider.ts'
import { inDollars } from '../acts/money.ts'
import type { Session } from '../resources/checkout-session.ts'
import { customers } from '../resources/customers.ts'
import { lineItemsOf, productDescription } from '../resources/line-items.ts'
import { businessName, layout, messagePage, tick, type Html } from './layout.ts'

const hints = [
  { number: '4242424242424242', says: 'Pays' },
  { number: '4000000000000002', says: 'Is declined' },
  { number: '4000000000009995', says: 'Has too little money' },
  { number: '4000002500003155', says: 'Asks for authentication' },
  { number: '4000000000000259', says: 'Pays, then disputes' },
  { number: '4000000000000077', says: 'Pays, money available at once' },
]
const countries = [
  ['AU', 'Australia'],
  ['NZ', 'New Zealand'],
  ['GB', 'United Kingdom'],
  ['US', 'United States'],
]
const grouped = (number: string) => number.replace(/(.{4})(?=.)/g, '$1 ')

/** The payment form of an open session; for a session that is over, a page that says so. */
export function checkoutPage(ctx: SandboxContext, session: Session | undefined): Html {
  if (!session) {
    return messagePage(
      'Something went wrong',
      'The checkout you were looking for could not be found. Please go back and start again.',
      'over',
    )
  }
  if (session.status === 'complete') {
    return messagePage(
      "You're all done here",
      'This payment is already complete. You can close this page.',
      'done',
    )
  }
  if (session.status === 'expired') {
    return messagePage(
      'This checkout has expired',
      'Nothing was charged. Please go back and start again.',
      'over',
    )
  }
  const items = lineItemsOf(ctx, session.id, { limit: 100 }).data.map((item) => ({
    ...item,
    about: productDescription(ctx, item),
  }))
  const total = inDollars(session.amount_total ?? 0)
  const customer = session.customer ? customers.find(ctx, session.customer) : undefined
  const email = session.customer_email ?? customer?.email ?? ''
  return layout(
    `Pay ${businessName}`,
    html` <main>
        <div
          class="checkout"
          data-session="${session.id}"
          data-now="${ctx.clock.now()}"
          data-button="Pay ${total}"
        >
          ${summary(items, total)} ${form(total, email, customer?.name ?? '')}
        </div>
        <div class="message thanks" hidden>
          <span class="mark">${tick}</span>
          <h2 tabindex="-1">Thanks for your payment</h2>
          <p>A payment to ${businessName} of ${total} will appear on your statement.</p>
        </div>
      </main>
      <dialog aria-labelledby="secure-title">
        <h2 id="secure-title">3D Secure 2 test page</h2>
        <p>
          Your bank wants to know that it is you who pays ${total} to ${businessName}. This is the sandbox:
          choose what your bank will find.
        </p>
        <div class="choice">
          <button type="button" data-authenticate="complete">Complete</button>
          <button type="button" class="plain" data-authenticate="fail">Fail</button>
        </div>
      </dialog>
      <script type="module" src="/stripe/assets/checkout.js"></script>`,
  )
}

type Line = {
  description: string | null
  about: string | null
  quantity: number | null
  amount_total: number
  price: { unit_amount: number }
}

const line = (item: Line): Html =>
  html`<li>
    <span
      >${item.description} ${item.about ? html`<small>${item.about}</small>` : ''}
      ${item.quantity === 1 ? '' : html`<small>Qty ${item.quantity}, ${inDollars(item.price.unit_amount)} each</small>`}
    </span>
    <span>${inDollars(item.amount_total)}</span>
  </li>`

const summary = (items: Line[], total: string): Html =>
  html` <section class="summary" aria-label="Order summary">
    <div class="merchant">${businessName}<span class="badge">TEST MODE</span></div>
    <h1>Pay ${businessName}</h1>
    <div class="total">${total}</div>
    <ul class="lines">
      ${items.map(line)}
      <li class="sum"><span>Total due</span><span>${total}</span></li>
    </ul>
  </section>`

const form = (total: string, email: string, name: string): Html =>
  html` <form novalidate autocomplete="on">
    <h2>Pay with card</h2>
    <div class="field">
      <label for="email">Email</label>
      <input
        id="email"
        name="email"
        type="email"
        autocomplete="email"
        placeholder="email@example.com"
        value="${email}"
        ${email ? 'readonly' : ''}
        aria-describedby="wrong-email"
      />
      <p class="wrong" id="wrong-email" role="alert" hidden></p>
    </div>
    <fieldset class="field">
      <legend>Card information</legend>
      <div class="card">
        <div class="number">
          <input
            name="number"
            inputmode="numeric"
            autocomplete="cc-number"
            placeholder="1234 1234 1234 1234"
            maxlength="23"
            aria-label="Card number"
            aria-describedby="wrong-card"
          />
          <span class="brand" hidden></span>
        </div>
        <input
          class="expiry"
          name="expiry"
          inputmode="numeric"
          autocomplete="cc-exp"
          placeholder="MM / YY"
          maxlength="9"
          aria-label="Expiration"
          aria-describedby="wrong-card"
        />
        <input
          class="cvc"
          name="cvc"
          inputmode="numeric"
          autocomplete="cc-csc"
          placeholder="CVC"
          maxlength="4"
          aria-label="CVC"
          aria-describedby="wrong-card"
        />
      </div>
      <p class="wrong" id="wrong-card" role="alert" hidden></p>
    </fieldset>
    <div class="field">
      <label for="name">Cardholder name</label>
      <input
        id="name"
        name="name"
        autocomplete="cc-name"
        placeholder="Full name on card"
        value="${name}"
        aria-describedby="wrong-name"
      />
      <p class="wrong" id="wrong-name" role="alert" hidden></p>
    </div>
    <div class="field">
      <label for="country">Country or region</label>
      <select id="country" name="country" autocomplete="billing country">
        ${countries.map(([code, label]) => html`<option value="${code}">${label}</option>`)}
      </select>
    </div>
    <p class="alert" role="alert" hidden></p>
    <button class="pay" type="submit">Pay ${total}</button>
    <details>
      <summary>Test mode: which card does what</summary>
      <ul>
        ${hints.map(
          ({ number, says }) =>
            html`<li>
              <button type="button" data-card="${number}">
                <span>${says}</span><code>${grouped(number)}</code>
              </button>
            </li>`,
        )}
      </ul>
    </details>
    <p class="small">Served by the Presence sandbox. No real card is charged.</p>
  </form>`
