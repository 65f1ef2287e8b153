import type { SandboxContext } from '../../core/provider.ts'
import { charges, type Charge } from '../resources/charge.ts'
import { emit } from '../resources/events.ts'
import { paymentIntents } from '../resources/payment-intent.ts'
import { refunds } from '../resources/refund.ts'
import { save } from '../wire/documents.ts'
import { equals, listing } from '../wire/listing.ts'
import { applyMetadata, metadata } from '../wire/metadata.ts'
import { operation } from '../wire/operation.ts'
import { boolean, integer, oneOf, text } from '../wire/params.ts'
import { impossible, invalid, notCovered } from '../wire/refusal.ts'
import { refundCharge } from './refund-charge.ts'

/** The charge named by id or through its PaymentIntent. */
function chargeToRefund(
  ctx: SandboxContext,
  given: { charge?: string | undefined; payment_intent?: string | undefined },
): Charge {
  if (given.charge) return charges.load(ctx, given.charge, 'charge')
  if (!given.payment_intent) {
    throw invalid(
      'One of the following params should be provided for this request: payment_intent or charge.',
      'payment_intent',
      'parameter_missing',
    )
  }
  const intent = paymentIntents.load(ctx, given.payment_intent, 'payment_intent')
  if (intent.status !== 'succeeded' || !intent.latest_charge) {
    const message = `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`
    throw impossible(message, 'payment_intent', 'payment_intent_unexpected_state')
  }
  return charges.load(ctx, intent.latest_charge)
}

export const refundOperations = [
  operation({
    name: 'refunds.create',
    method: 'POST',
    path: '/v1/refunds',
    params: {
      charge: text,
      payment_intent: text,
      amount: integer(1),
      reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
      metadata,
      reverse_transfer: boolean,
      refund_application_fee: boolean,
      instructions_email: text,
    },
    act: (call) => {
      const { params, ctx } = call
      // Both belong to destination charges; a separate transfer needs a separate reversal.
      if (params.reverse_transfer) throw notCovered('reverse_transfer', 'reverse_transfer')
      if (params.refund_application_fee) throw notCovered('refund_application_fee', 'refund_application_fee')
      const terms = {
        amountCents: params.amount,
        reason: params.reason ?? null,
        metadata: applyMetadata({}, params.metadata),
      }
      return refundCharge(call, chargeToRefund(ctx, params), terms)
    },
  }),
  operation({
    name: 'refunds.retrieve',
    method: 'GET',
    path: '/v1/refunds/:id',
    params: {},
    act: ({ ctx, id }) => refunds.load(ctx, id),
  }),
  operation({
    name: 'refunds.update',
    method: 'POST',
    path: '/v1/refunds/:id',
    params: { metadata },
    act: (call) => {
      const before = refunds.load(call.ctx, call.id)
      const after = save(call.ctx, {
        ...before,
        metadata: applyMetadata(before.metadata ?? {}, call.params.metadata),
      })
      emit(call, 'refund.updated', after, { before })
      return after
    },
  }),
  operation({
    name: 'refunds.cancel',
    method: 'POST',
    path: '/v1/refunds/:id/cancel',
    params: {},
    act: ({ ctx, id }) => {
      const { status } = refunds.load(ctx, id)
      throw impossible(
        `This refund cannot be canceled. Only refunds with a status of requires_action can be canceled, this one is ${status}.`,
      )
    },
  }),
  listing({
    name: 'refunds.list',
    path: '/v1/refunds',
    of: refunds,
    filters: { charge: text, payment_intent: text },
    matches: (refund, { charge, payment_intent: intent }) =>
      equals(refund.charge, charge) && equals(refund.payment_intent, intent),
  }),
]
