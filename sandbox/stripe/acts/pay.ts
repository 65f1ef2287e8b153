// One press of "Pay" on the checkout page: charges the card and updates money, documents and events together.
import type { SandboxContext } from '../../core/provider.ts'
import { newCharge, type Charge } from '../resources/charge.ts'
import { checkoutSessions, type Session } from '../resources/checkout-session.ts'
import { expireIfDue, paymentIntentDataOf } from '../resources/checkout-sessions.ts'
import { emit } from '../resources/events.ts'
import { paymentIntents, newPaymentIntent, type PaymentIntent } from '../resources/payment-intent.ts'
import { newPaymentMethod, type PaymentMethod } from '../resources/payment-method.ts'
import { cardMistake, testCard, type CardInput, type Decline } from '../resources/test-cards.ts'
import { byItself, type Cause } from '../wire/cause.ts'
import { save } from '../wire/documents.ts'
import { StripeRefusal, type StripeError } from '../wire/refusal.ts'
import { rememberCard } from './refund-charge.ts'
import { closeSession, settle } from './settle.ts'

export type PayInput = CardInput & { authenticate?: 'complete' | 'fail' | undefined }
export type PayResult =
  | { status: 'complete' }
  | { status: 'requires_action' }
  | { status: 'refused'; httpStatus: number; error: StripeError }

const disputeAfterMs = 2000
const notAuthenticated: Decline = {
  code: 'payment_intent_authentication_failure',
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
}

/** The session when it can be paid now, or why it cannot. */
export function openSession(
  ctx: SandboxContext,
  sessionId: string,
): Session | Extract<PayResult, { status: 'refused' }> {
  expireIfDue(ctx, sessionId)
  const session = checkoutSessions.find(ctx, sessionId)
  if (!session)
    return refused(404, {
      type: 'invalid_request_error',
      code: 'resource_missing',
      message: `No such checkout.session: '${sessionId}'`,
    })
  if (session.status === 'open') return session
  const why = session.status === 'complete' ? 'has already been paid' : 'has expired'
  return refused(400, {
    type: 'invalid_request_error',
    code: `checkout_session_${session.status}`,
    message: `This Checkout Session ${why}.`,
  })
}

/** Tries to pay an open session by card. */
export function payCheckout(ctx: SandboxContext, sessionId: string, input: PayInput): PayResult {
  const session = openSession(ctx, sessionId)
  if ('httpStatus' in session) return session
  const mistake = cardMistake(input, new Date(ctx.clock.now()))
  if (mistake) return refused(402, { type: 'card_error', ...mistake })
  return ctx.store.transaction(() => attempt(byItself(ctx), session, input))
}

const refused = (httpStatus: number, error: StripeError) => ({
  status: 'refused' as const,
  httpStatus,
  error: new StripeRefusal(httpStatus, error).error,
})

function attempt(cause: Cause, session: Session, input: PayInput): PayResult {
  const { ctx } = cause
  const card = testCard(input.cardNumber)
  const method = save(ctx, newPaymentMethod(ctx, input, input))
  const intent = intentOf(cause, session)
  if (card.needsAuthentication && input.authenticate !== 'complete') {
    return input.authenticate === 'fail'
      ? refuse(cause, intent, method, notAuthenticated)
      : askToAuthenticate(cause, intent, method)
  }
  const charge = newCharge(ctx, {
    intent,
    method,
    decline: card.decline,
    isAuthenticated: card.needsAuthentication ?? false,
  })
  if (card.decline) {
    save(ctx, charge)
    emit(cause, 'charge.failed', charge)
    return refuse(cause, { ...intent, latest_charge: charge.id }, method, card.decline, charge)
  }
  const customer = closeSession(cause, session, intent, input)
  rememberCard(ctx, charge.id, input.cardNumber)
  settle(cause, session.id, { ...intent, customer }, { ...charge, customer }, card.isAvailableAtOnce ?? false)
  emit(cause, 'checkout.session.completed', checkoutSessions.load(ctx, session.id))
  if (card.disputeReason) {
    ctx.schedule('stripe', 'dispute', ctx.clock.now() + disputeAfterMs, {
      chargeId: charge.id,
      reason: card.disputeReason,
    })
  }
  return { status: 'complete' }
}

/** The session's PaymentIntent, created at the first attempt as Stripe does. */
export function intentOf(cause: Cause, session: Session): PaymentIntent {
  const { ctx } = cause
  if (session.payment_intent) return paymentIntents.load(ctx, session.payment_intent)
  const data = paymentIntentDataOf(ctx, session.id)
  const intent = save(
    ctx,
    newPaymentIntent(ctx, {
      amount: session.amount_total ?? 0,
      customer: session.customer,
      description: data.description ?? null,
      metadata: data.metadata ?? {},
      receiptEmail: data.receipt_email ?? null,
      statementDescriptor: data.statement_descriptor ?? null,
      statementDescriptorSuffix: data.statement_descriptor_suffix ?? null,
      transferGroup: data.transfer_group ?? null,
    }),
  )
  save(ctx, { ...session, payment_intent: intent.id })
  emit(cause, 'payment_intent.created', intent)
  return intent
}

function askToAuthenticate(cause: Cause, intent: PaymentIntent, method: PaymentMethod): PayResult {
  const waiting = save(cause.ctx, {
    ...intent,
    status: 'requires_action' as const,
    payment_method: method.id,
    next_action: { type: 'use_stripe_sdk' as const, use_stripe_sdk: { type: 'three_d_secure_redirect' } },
  })
  if (intent.status !== 'requires_action') emit(cause, 'payment_intent.requires_action', waiting)
  return { status: 'requires_action' }
}

/** Leaves the PaymentIntent waiting for another payment method, with the reason. */
export function refuse(
  cause: Cause,
  intent: PaymentIntent,
  method: PaymentMethod,
  decline: Decline,
  charge?: Charge,
): PayResult {
  const type = decline === notAuthenticated ? 'invalid_request_error' : 'card_error'
  const error: StripeError = { type, ...decline, ...(charge && { charge: charge.id }) }
  const failed = save(cause.ctx, {
    ...intent,
    status: 'requires_payment_method' as const,
    next_action: null,
    payment_method: null,
    last_payment_error: { ...new StripeRefusal(402, error).error, payment_method: method },
  })
  emit(cause, 'payment_intent.payment_failed', failed)
  return refused(402, error)
}
