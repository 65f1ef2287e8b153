// BECS Direct Debit: the checkout completes unpaid, and the bank confirms or refuses the money later.
import type { SandboxContext } from '../../core/provider.ts'
import { charges, newCharge } from '../resources/charge.ts'
import { checkoutSessions } from '../resources/checkout-session.ts'
import { emit } from '../resources/events.ts'
import { paymentIntents } from '../resources/payment-intent.ts'
import { paymentMethods, newPaymentMethod, type Payer } from '../resources/payment-method.ts'
import { byItself } from '../wire/cause.ts'
import { save } from '../wire/documents.ts'
import { intentOf, openSession, refuse, type PayResult } from './pay.ts'
import { closeSession, settle } from './settle.ts'

export type DebitOutcome = 'succeeds' | 'fails'
export type DebitEnd = { sessionId: string; outcome: DebitOutcome }

const endsAfterMs = 10_000
const noFunds = {
  code: 'insufficient_funds',
  message: 'The customer has insufficient funds in their bank account to complete this payment.',
}

/** Completes the checkout without money; the bank answers ten seconds of the sandbox clock later. */
export function payByBankDebit(
  ctx: SandboxContext,
  sessionId: string,
  payer: Payer,
  outcome: DebitOutcome,
): PayResult {
  const session = openSession(ctx, sessionId)
  if ('httpStatus' in session) return session
  return ctx.store.transaction(() => {
    const cause = byItself(ctx)
    const method = save(ctx, newPaymentMethod(ctx, payer))
    const intent = intentOf(cause, session)
    const customer = closeSession(cause, session, intent, payer)
    const charge = save(ctx, newCharge(ctx, { intent: { ...intent, customer }, method, isPending: true }))
    const processing = save(ctx, {
      ...intent,
      customer,
      status: 'processing' as const,
      latest_charge: charge.id,
      payment_method: method.id,
      payment_method_types: ['card', 'au_becs_debit'],
    })
    emit(cause, 'charge.pending', charge)
    emit(cause, 'payment_intent.processing', processing)
    emit(cause, 'checkout.session.completed', checkoutSessions.load(ctx, sessionId))
    ctx.schedule('stripe', 'bank_debit_ends', ctx.clock.now() + endsAfterMs, {
      sessionId,
      outcome,
    } satisfies DebitEnd)
    return { status: 'complete' }
  })
}

/** The bank's answer. */
export function endBankDebit(ctx: SandboxContext, { sessionId, outcome }: DebitEnd): void {
  ctx.store.transaction(() => {
    const cause = byItself(ctx)
    const intent = paymentIntents.load(ctx, checkoutSessions.load(ctx, sessionId).payment_intent ?? '')
    const charge = charges.load(ctx, intent.latest_charge ?? '')
    if (outcome === 'succeeds') {
      settle(cause, sessionId, intent, charge)
      emit(cause, 'checkout.session.async_payment_succeeded', checkoutSessions.load(ctx, sessionId))
      return
    }
    const failed = save(ctx, {
      ...charge,
      status: 'failed' as const,
      captured: false,
      amount_captured: 0,
      failure_code: noFunds.code,
      failure_message: noFunds.message,
    })
    emit(cause, 'charge.failed', failed)
    refuse(cause, intent, paymentMethods.load(ctx, charge.payment_method ?? ''), noFunds, failed)
    emit(cause, 'checkout.session.async_payment_failed', checkoutSessions.load(ctx, sessionId))
  })
}
