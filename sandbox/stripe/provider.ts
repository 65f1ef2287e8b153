import type { Provider } from '../core/provider.ts'
import { endBankDebit, type DebitEnd } from './acts/bank-debit.ts'
import { openDispute, reinstateRest } from './acts/disputes.ts'
import { endRefund } from './acts/refund-charge.ts'
import { bookCharge } from './acts/settle.ts'
import { operations } from './registry.ts'
import { markAvailable } from './resources/balance-transaction.ts'
import { expireIfDue } from './resources/checkout-sessions.ts'
import type { DisputeReason } from './resources/dispute.ts'
import { registerApplication } from './resources/webhook-endpoints.ts'
import { byItself } from './wire/cause.ts'
import { refuseCredentials } from './wire/credentials.ts'
import { keepFailure } from './wire/idempotency.ts'
import { newId } from './wire/ids.ts'
import { internalError } from './wire/operation.ts'
import { limitRate, rateLimited } from './wire/rate-limit.ts'
import { stripeSignature } from './wire/signature.ts'

const refusal = (status: number, type: string, message: string) => ({
  status,
  body: { error: { type, message } },
})

export { stripePages } from './pages/routes.ts'

export const stripe: Provider = {
  name: 'stripe',
  operations,
  owns: (path, headers) =>
    path.startsWith('/v1/') &&
    ('stripe-version' in headers || /^(bearer (sk|rk|pk)_|basic )/i.test(headers['authorization'] ?? '')),
  authenticate: (request, _operation, ctx) => refuseCredentials(request, ctx),
  limit: (_request, operation, ctx) => limitRate(operation, ctx),
  error: (status, reason) => {
    switch (reason) {
      case 'rate_limited':
        return { ...rateLimited, status }
      case 'not_covered':
        return refusal(
          status,
          'invalid_request_error',
          'Unrecognized request URL. The sandbox does not cover it. ' +
            'If you are trying to list objects, remove the trailing slash.',
        )
      case 'malformed_request':
        return refusal(status, 'invalid_request_error', 'Invalid request.')
      case 'unavailable':
        return refusal(status, 'api_error', 'Stripe is temporarily unavailable. Please try again.')
      case 'internal':
        return { ...internalError, status }
    }
  },
  refuse: (status, code, message) => ({
    status,
    headers: { 'request-id': newId('req', 14) },
    body: { error: { type: 'invalid_request_error', code, message } },
  }),
  keepFailure,
  sign: (delivery, secret, timestampMs) => ({
    'stripe-signature': stripeSignature(delivery.body, secret, timestampMs),
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  }),
  retryDelaysMs: [500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000],
  timers: {
    bank_debit_ends: (end: DebitEnd, ctx) => endBankDebit(ctx, end),
    book_charge: ({ chargeId, availableOn }: { chargeId: string; availableOn: number }, ctx) =>
      bookCharge(ctx, chargeId, availableOn),
    checkout_expiry: ({ sessionId }: { sessionId: string }, ctx) => expireIfDue(ctx, sessionId),
    funds_available: ({ id }: { id: string }, ctx) => markAvailable(ctx, id),
    dispute: ({ chargeId, reason }: { chargeId: string; reason: DisputeReason }, ctx) =>
      openDispute(ctx, chargeId, reason),
    reinstate: ({ disputeId }: { disputeId: string }, ctx) =>
      void ctx.store.transaction(() => reinstateRest(byItself(ctx), disputeId)),
    refund_ends: ({ refundId, status }: { refundId: string; status: 'succeeded' | 'failed' }, ctx) =>
      void endRefund(ctx, refundId, status),
  },
  start: registerApplication,
}
