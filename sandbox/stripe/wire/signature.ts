import { createHmac } from 'node:crypto'

/** `Stripe-Signature: t=<seconds>,v1=<hex HMAC-SHA256 of "t.body">`, keyed by the whole `whsec_…` text. */
export function stripeSignature(body: string, secret: string, timestampMs: number): string {
  const seconds = Math.floor(timestampMs / 1000)
  const v1 = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${v1}`
}
