// Controls that the real Stripe has not: what a member's bank, a host or time does. Under /_sandbox/stripe/.
import { Hono } from 'hono'
import { z } from 'zod'
import type { SandboxContext } from '../../core/provider.ts'
import { payByBankDebit } from '../acts/bank-debit.ts'
import { closeDispute, decideDispute, moveFunds, openDispute, reinstateRest } from '../acts/disputes.ts'
import { payCheckout, type PayResult } from '../acts/pay.ts'
import { endRefund, refundCharge } from '../acts/refund-charge.ts'
import { changeSettings, settings } from '../acts/settle.ts'
import { completeOnboarding, restrictAccount } from '../resources/accounts.ts'
import { charges } from '../resources/charge.ts'
import { checkoutSessions } from '../resources/checkout-session.ts'
import { customers } from '../resources/customers.ts'
import { disputes } from '../resources/dispute.ts'
import { byItself } from '../wire/cause.ts'
import { invalid, StripeRefusal } from '../wire/refusal.ts'

const payer = z.object({
  name: z.string().min(1),
  email: z.email().optional(),
  country: z.string().length(2).default('AU'),
})
const cardBody = payer.extend({
  cardNumber: z.string().transform((text) => text.replace(/[\s-]/g, '')),
  expMonth: z.coerce.number(),
  expYear: z.coerce.number().transform((year) => (year < 100 ? 2000 + year : year)),
  cvc: z.string(),
  authenticate: z.enum(['complete', 'fail']).optional(),
})
const payBody = z.union([cardBody, payer.extend({ bankDebit: z.enum(['succeeds', 'fails']) })])

/** Pays as the checkout page does: by card, or (only from a script) by a bank debit that ends later. */
function pay(ctx: SandboxContext, sessionId: string, body: z.infer<typeof payBody>): PayResult {
  const session = checkoutSessions.find(ctx, sessionId)
  const customer = session?.customer ? customers.find(ctx, session.customer) : undefined
  const email = session?.customer_email ?? customer?.email ?? body.email
  if (!email) throw invalid('Your email is incomplete.', 'email', 'email_invalid')
  if ('bankDebit' in body) return payByBankDebit(ctx, sessionId, { ...body, email }, body.bankDebit)
  return payCheckout(ctx, sessionId, { ...body, email })
}

export function stripeControls(ctx: SandboxContext): Hono {
  const app = new Hono().basePath('/_sandbox/stripe')
  app.onError((error, c) => {
    if (error instanceof StripeRefusal) return c.json({ error: error.error }, error.status as 400)
    if (error instanceof z.ZodError)
      return c.json({ error: { type: 'invalid_request_error', message: z.prettifyError(error) } }, 400)
    throw error
  })

  app.post('/checkout/:session/pay', async (c) => {
    const id = c.req.param('session')
    const result = pay(ctx, id, payBody.parse(await bodyOf(c.req.raw)))
    // For the checkout page a declined card is an ordinary answer, not a failed request in the console.
    const isAlways200 = c.req.query('always200') !== undefined
    if (result.status === 'refused')
      return c.json({ error: result.error }, isAlways200 ? 200 : (result.httpStatus as 402))
    return c.json({ ...result, ...(result.status === 'complete' && { returnUrl: returnUrlOf(ctx, id) }) })
  })

  app.post('/accounts/:id/onboard', (c) => c.json(completeOnboarding(ctx, c.req.param('id'))))

  /** Stripe stops paying a host. Onboarding again ends it. */
  app.post('/accounts/:id/restrict', (c) => c.json(restrictAccount(ctx, c.req.param('id'))))

  /** Refunds as Stripe's dashboard does: an amount, or all that is left. */
  app.post('/charges/:id/refund', async (c) => {
    const { amountCents } = z
      .object({ amountCents: z.int().positive().optional() })
      .parse(await bodyOf(c.req.raw))
    return c.json(
      ctx.store.transaction(() =>
        refundCharge(byItself(ctx), charges.load(ctx, c.req.param('id')), {
          amountCents,
          reason: 'requested_by_customer',
          metadata: {},
        }),
      ),
    )
  })

  app.post('/charges/:id/dispute', async (c) => {
    const { reason } = z
      .object({ reason: z.enum(['fraudulent', 'product_not_received']).default('fraudulent') })
      .parse(await bodyOf(c.req.raw))
    openDispute(ctx, c.req.param('id'), reason)
    return c.json(charges.load(ctx, c.req.param('id')))
  })

  /** The bank decides; with `isAgain` it may decide otherwise than before. */
  app.post('/disputes/:id', async (c) => {
    const { outcome, isAgain } = z
      .object({ outcome: z.enum(['won', 'lost']), isAgain: z.boolean().default(false) })
      .parse(await bodyOf(c.req.raw))
    const decide = isAgain ? decideDispute : closeDispute
    return c.json(
      ctx.store.transaction(() => decide(byItself(ctx), disputes.load(ctx, c.req.param('id')), outcome)),
    )
  })

  /**
   * Money of a dispute moves: negative cents leave, positive ones return; by default all that is withheld.
   */
  app.post('/disputes/:id/funds', async (c) => {
    const { amountCents } = z.object({ amountCents: z.int().optional() }).parse(await bodyOf(c.req.raw))
    const id = c.req.param('id')
    return c.json(
      ctx.store.transaction(() =>
        amountCents
          ? moveFunds(byItself(ctx), disputes.load(ctx, id), amountCents)
          : reinstateRest(byItself(ctx), id),
      ),
    )
  })

  app.post('/refunds/:id', async (c) => {
    const { outcome } = z.object({ outcome: z.enum(['succeeded', 'failed']) }).parse(await bodyOf(c.req.raw))
    return c.json(endRefund(ctx, c.req.param('id'), outcome))
  })
  app.post('/settings', async (c) => {
    changeSettings(ctx, z.object({ balanceDelayMs: z.int().min(0) }).parse(await bodyOf(c.req.raw)))
    return c.json(settings(ctx))
  })
  return app
}

/** Where the browser goes after paying; undefined when the page handles completion itself. */
function returnUrlOf(ctx: SandboxContext, sessionId: string): string | undefined {
  const session = checkoutSessions.load(ctx, sessionId)
  const staysOnPage = session.ui_mode !== 'hosted_page' && session.redirect_on_completion !== 'always'
  const address = session.ui_mode === 'hosted_page' ? session.success_url : session.return_url
  return staysOnPage ? undefined : address?.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

const bodyOf = (request: Request): Promise<unknown> => request.json().catch(() => ({}))
