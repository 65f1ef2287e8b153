// A payment succeeds: books the money and updates every document.
import type { SandboxContext } from '../../core/provider.ts'
import { record } from '../resources/balance-transaction.ts'
import { charges, receiptUrl, type Charge } from '../resources/charge.ts'
import { checkoutSessions, type Session } from '../resources/checkout-session.ts'
import { createCustomer } from '../resources/customers.ts'
import { emit } from '../resources/events.ts'
import type { PaymentIntent } from '../resources/payment-intent.ts'
import { billingDetails, type Payer } from '../resources/payment-method.ts'
import { byItself, type Cause } from '../wire/cause.ts'
import { save } from '../wire/documents.ts'
import { cardFeeCents, pendingSeconds } from './money.ts'

const settingsKind = 'stripe.settings'
/** `balanceDelayMs`: how late the balance transaction of a paid charge appears, as with the real Stripe. */
type Settings = { balanceDelayMs: number }
export const settings = (ctx: SandboxContext): Settings =>
  ctx.store.get<Settings>(settingsKind, 'settings') ?? { balanceDelayMs: 0 }
export const changeSettings = (ctx: SandboxContext, changed: Settings) =>
  ctx.store.put(settingsKind, 'settings', changed)

/** Completes the session, paid or not yet; returns the customer it belongs to. */
export function closeSession(
  cause: Cause,
  session: Session,
  intent: PaymentIntent,
  payer: Payer,
): string | null {
  const { ctx } = cause
  const customer =
    session.customer ??
    (session.customer_creation === 'always'
      ? createCustomer(cause, { email: payer.email, name: payer.name }).id
      : null)
  save(ctx, {
    ...session,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    customer,
    customer_details: {
      address: billingDetails(payer).address,
      business_name: null,
      email: payer.email,
      individual_name: null,
      name: payer.name,
      phone: null,
      tax_exempt: 'none' as const,
      tax_ids: [],
    },
    payment_intent: intent.id,
    status: 'complete' as const,
    url: null,
  })
  return customer
}

/** Marks charge, intent and session as paid. The session's own event is left to the caller. */
export function settle(
  cause: Cause,
  sessionId: string,
  intent: PaymentIntent,
  made: Charge,
  isAvailableAtOnce = false,
): void {
  const { ctx } = cause
  const { balanceDelayMs } = settings(ctx)
  const availableOn = ctx.clock.seconds() + (isAvailableAtOnce ? 0 : pendingSeconds)
  const paid: Charge = { ...made, status: 'succeeded', paid: true, receipt_url: receiptUrl(ctx, made.id) }
  const charge = save(ctx, balanceDelayMs > 0 ? paid : booked(ctx, paid, availableOn))
  if (balanceDelayMs > 0)
    ctx.schedule('stripe', 'book_charge', ctx.clock.now() + balanceDelayMs, {
      chargeId: charge.id,
      availableOn,
    })
  const succeeded = save(ctx, {
    ...intent,
    status: 'succeeded' as const,
    amount_received: charge.amount,
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    next_action: null,
    last_payment_error: null,
  })
  save(ctx, { ...checkoutSessions.load(ctx, sessionId), payment_status: 'paid' as const })
  emit(cause, 'charge.succeeded', charge)
  emit(cause, 'payment_intent.succeeded', succeeded)
}

/** The charge with its balance transaction. */
function booked(ctx: SandboxContext, charge: Charge, availableOn: number): Charge {
  const entry = record(ctx, {
    type: 'charge',
    category: 'charge',
    amount: charge.amount,
    fee: cardFeeCents(charge.amount),
    source: charge.id,
    description: charge.description,
    availableOn,
  })
  return { ...charge, balance_transaction: entry.id }
}

/** Books the balance transaction of a charge late. */
export function bookCharge(ctx: SandboxContext, chargeId: string, availableOn: number): void {
  ctx.store.transaction(() => {
    const before = charges.load(ctx, chargeId)
    emit(byItself(ctx), 'charge.updated', save(ctx, booked(ctx, before, availableOn)), { before })
  })
}
