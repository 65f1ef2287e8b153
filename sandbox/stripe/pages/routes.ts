// What people see of Stripe: its script, the checkout, Connect onboarding, the Express dashboard, receipts.
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import type { SandboxContext } from '../../core/provider.ts'
import { accountLinkTerms, accountOfLogin, openAccountLink } from '../resources/account-links.ts'
import { completeOnboarding, loadAccount } from '../resources/accounts.ts'
import { charges } from '../resources/charge.ts'
import { checkoutSessions } from '../resources/checkout-session.ts'
import { expireIfDue } from '../resources/checkout-sessions.ts'
import { checkoutPage } from './checkout-page.ts'
import { expressPage, onboardingPage } from './connect-pages.ts'
import { stripeControls } from './controls.ts'
import { messagePage } from './layout.ts'
import { receiptPage } from './receipt-page.ts'

/** What checkout.css consists of, in the order of the cascade. */
const styles = ['base', 'checkout', 'form', 'message', 'connect']
const read = (name: string) => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
const fresh = { 'cache-control': 'no-store' }

/** The pages and the controls behind them, mounted at the root of the sandbox. */
export function stripePages(ctx: SandboxContext): Hono {
  const app = new Hono()
  app.route('/', stripeControls(ctx))

  const script = {
    ...fresh,
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
  }
  app.get('/stripe.js', (c) => c.body(read('stripe.js'), 200, script))
  app.get('/stripe/assets/checkout.js', (c) =>
    c.body(read('checkout.js'), 200, { ...fresh, 'content-type': 'text/javascript; charset=utf-8' }),
  )
  app.get('/stripe/assets/checkout.css', (c) =>
    c.body(styles.map((name) => read(`style/${name}.css`)).join('\n'), 200, {
      ...fresh,
      'content-type': 'text/css; charset=utf-8',
    }),
  )

  const sessionPage = (id: string, clientSecret?: string) => {
    expireIfDue(ctx, id)
    const session = checkoutSessions.find(ctx, id)
    const isAllowed =
      clientSecret === undefined
        ? session?.ui_mode === 'hosted_page'
        : session?.client_secret === clientSecret
    return checkoutPage(ctx, isAllowed ? session : undefined)
  }
  app.get('/stripe/checkout', (c) => {
    const secret = c.req.query('client_secret') ?? ''
    return c.html(sessionPage(secret.split('_secret_')[0] ?? '', secret), 200, fresh)
  })
  app.get('/stripe/checkout/:id', (c) => c.html(sessionPage(c.req.param('id')), 200, fresh))

  app.get('/stripe/connect/onboarding/:token', (c) => {
    const token = c.req.param('token')
    const link = openAccountLink(ctx, token)
    if (!link)
      return c.html(messagePage('This link does not work', 'Please go back and start again.', 'over'), 404)
    // A used or expired link redirects to where the person can get a new one.
    return link.isLive
      ? c.html(onboardingPage(loadAccount(ctx, link.terms.account), token), 200, fresh)
      : c.redirect(link.terms.refreshUrl)
  })
  app.post('/stripe/connect/onboarding/:token', async (c) => {
    const terms = accountLinkTerms(ctx, c.req.param('token'))
    if (!terms)
      return c.html(messagePage('This link does not work', 'Please go back and start again.', 'over'), 404)
    const { choice } = await c.req.parseBody()
    if (choice === 'complete') completeOnboarding(ctx, terms.account)
    return c.redirect(terms.returnUrl, 303)
  })
  app.get('/stripe/connect/express/:token', (c) => {
    const account = accountOfLogin(ctx, c.req.param('token'))
    if (!account)
      return c.html(messagePage('This link does not work', 'Please go back and sign in again.', 'over'), 404)
    return c.html(expressPage(ctx, loadAccount(ctx, account)), 200, fresh)
  })
  app.get('/stripe/receipts/:id', (c) => {
    const charge = charges.find(ctx, c.req.param('id'))
    if (!charge?.paid)
      return c.html(
        messagePage('No receipt here', 'There is no paid charge behind this address.', 'over'),
        404,
      )
    return c.html(receiptPage(charge), 200, fresh)
  })
  return app
}
