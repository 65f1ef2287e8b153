// The events of Stripe that Presence acts on; its endpoints at Stripe are asked to send exactly these.

export const stripeEvents = {
  platform: [
    'checkout.session.completed',
    'checkout.session.async_payment_succeeded',
    'checkout.session.async_payment_failed',
    'checkout.session.expired',
    'charge.updated',
    'charge.refunded',
    'refund.updated',
    'refund.failed',
    'charge.dispute.created',
    'charge.dispute.closed',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.funds_reinstated',
    'transfer.reversed',
  ],
  /** Of the hosts' connected accounts. */
  connect: ['account.updated'],
} as const

export type StripeEventType = (typeof stripeEvents)['platform' | 'connect'][number]

export function isStripeEventType(type: string): type is StripeEventType {
  return [...stripeEvents.platform, ...stripeEvents.connect].some((one) => one === type)
}
