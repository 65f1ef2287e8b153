import type { SandboxContext } from '../../core/provider.ts'
import { byItself, type Cause } from '../wire/cause.ts'
import { save } from '../wire/documents.ts'
import { equals, listing } from '../wire/listing.ts'
import { operation } from '../wire/operation.ts'
import { pageParams } from '../wire/pagination.ts'
import { oneOf, text } from '../wire/params.ts'
import { impossible, invalid } from '../wire/refusal.ts'
import { checkCheckout, checkoutParams, type CheckoutParams } from './checkout-params.ts'
import { checkoutSessions, newSession, type Session } from './checkout-session.ts'
import { emit } from './events.ts'
import { keepLineItems, lineItemsOf, newLineItem } from './line-items.ts'
import { paymentIntents } from './payment-intent.ts'

/** What the session's PaymentIntent will be made of; not part of the session's own document. */
export type PaymentIntentData = NonNullable<CheckoutParams['payment_intent_data']>
const dataKind = 'stripe.payment_intent_data'
export const paymentIntentDataOf = (ctx: SandboxContext, sessionId: string) =>
  ctx.store.get<PaymentIntentData>(dataKind, sessionId) ?? {}

const minCents = 50

function createSession({ ctx }: Cause, params: CheckoutParams): Session {
  checkCheckout(ctx, params)
  const items = (params.line_items ?? []).map((item, index) => newLineItem(ctx, item, index))
  const totalCents = items.reduce((total, item) => total + item.amount_total, 0)
  if (totalCents < minCents) {
    throw invalid(
      "The Checkout Session's total amount due must add up to at least A$0.50 aud",
      undefined,
      'amount_too_small',
    )
  }
  const session = save(ctx, newSession(ctx, params, totalCents))
  keepLineItems(ctx, session.id, items)
  ctx.store.put(dataKind, session.id, params.payment_intent_data ?? {})
  ctx.schedule('stripe', 'checkout_expiry', session.expires_at * 1000, { sessionId: session.id })
  return session
}

/** Expires an open session, cancels its PaymentIntent and emits the events. */
function expireSession(cause: Cause, session: Session): Session {
  const { ctx } = cause
  const expired = save(ctx, { ...session, status: 'expired' as const, url: null })
  const intent = session.payment_intent ? paymentIntents.find(ctx, session.payment_intent) : undefined
  if (intent) {
    const canceled = save(ctx, {
      ...intent,
      status: 'canceled' as const,
      canceled_at: ctx.clock.seconds(),
      cancellation_reason: 'automatic',
      next_action: null,
    })
    emit(cause, 'payment_intent.canceled', canceled)
  }
  emit(cause, 'checkout.session.expired', expired)
  return expired
}

/** Expires the session if it is still open and its time has come. */
export function expireIfDue(ctx: SandboxContext, sessionId: string): void {
  ctx.store.transaction(() => {
    const session = checkoutSessions.find(ctx, sessionId)
    if (session?.status === 'open' && session.expires_at <= ctx.clock.seconds())
      expireSession(byItself(ctx), session)
  })
}

export const checkoutSessionOperations = [
  operation({
    name: 'checkout.sessions.create',
    method: 'POST',
    path: '/v1/checkout/sessions',
    params: checkoutParams,
    act: (call) => createSession(call, call.params),
  }),
  listing({
    name: 'checkout.sessions.list',
    path: '/v1/checkout/sessions',
    of: checkoutSessions,
    filters: { customer: text, payment_intent: text, status: oneOf('complete', 'expired', 'open') },
    matches: (session, { customer, payment_intent: intent, status }) =>
      equals(session.customer, customer) &&
      equals(session.payment_intent, intent) &&
      equals(session.status, status),
  }),
  operation({
    name: 'checkout.sessions.retrieve',
    method: 'GET',
    path: '/v1/checkout/sessions/:id',
    params: {},
    act: ({ ctx, id }) => checkoutSessions.load(ctx, id),
  }),
  operation({
    name: 'checkout.sessions.expire',
    method: 'POST',
    path: '/v1/checkout/sessions/:id/expire',
    params: {},
    act: (call) => {
      const session = checkoutSessions.load(call.ctx, call.id)
      if (session.status !== 'open') {
        throw impossible(
          'Only Checkout Sessions with a status in ["open"] can be expired. ' +
            `This Checkout Session has a status of \`${session.status}\`.`,
          'session',
        )
      }
      return expireSession(call, session)
    },
  }),
  operation({
    name: 'checkout.sessions.list_line_items',
    method: 'GET',
    path: '/v1/checkout/sessions/:id/line_items',
    params: pageParams,
    act: ({ ctx, id, params }) => lineItemsOf(ctx, checkoutSessions.load(ctx, id).id, params),
  }),
]
