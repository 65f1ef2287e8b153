import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>
/** The name on the sandbox's Stripe account, as its owner would have typed it in the dashboard. */
export const businessName = 'Presence'

export const layout = (title: string, body: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <link rel="stylesheet" href="/stripe/assets/checkout.css" />
      </head>
      <body>
        ${body}
      </body>
    </html>`

export const tick = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m5 13 4.5 4.5L19 7" /></svg>`
const clock = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="12" r="9" />
  <path d="M12 7v5.5l3.5 2" />
</svg>`

/** A page with a single message. */
export const messagePage = (title: string, text: string, mark: 'done' | 'over'): Html =>
  layout(
    title,
    html` <main class="message">
        <span class="mark ${mark === 'over' ? 'quiet' : ''}">${mark === 'done' ? tick : clock}</span>
        <h1>${title}</h1>
        <p>${text}</p>
        <span class="badge">TEST MODE</span>
      </main>
      <script type="module" src="/stripe/assets/checkout.js"></script>`,
  )
