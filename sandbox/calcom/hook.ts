// Cal.com's webhooks: subscriptions, signatures and sending. Deliveries have no event id.
import { createHmac } from 'node:crypto'
import { accountOf, isReachedBy } from './account.ts'
import type { Delivery, SandboxContext } from '../core/provider.ts'

export const triggers =
  `BOOKING_CREATED BOOKING_PAYMENT_INITIATED BOOKING_PAID BOOKING_RESCHEDULED BOOKING_REQUESTED
  BOOKING_CANCELLED BOOKING_REJECTED BOOKING_NO_SHOW_UPDATED FORM_SUBMITTED MEETING_ENDED MEETING_STARTED RECORDING_READY
  INSTANT_MEETING RECORDING_TRANSCRIPTION_GENERATED OOO_CREATED AFTER_HOSTS_CAL_VIDEO_NO_SHOW AFTER_GUESTS_CAL_VIDEO_NO_SHOW
  FORM_SUBMITTED_NO_EVENT ROUTING_FORM_FALLBACK_HIT DELEGATION_CREDENTIAL_ERROR WRONG_ASSIGNMENT_REPORT`
    .trim()
    .split(/\s+/)

export type Hook = {
  id: number
  userId: number
  /** Limits the webhook to bookings of this event type; all of the account's when undefined. */
  eventTypeId?: number
  subscriberUrl: string
  active: boolean
  triggers: string[]
  payloadTemplate: string
  secret?: string
}

const kind = 'calcom.webhook'
const version = '2021-10-20'

// Signing has no access to the store, so secrets that differ from the given one are kept here by address.
const secrets = new Map<string, string | undefined>()

export const hooks = (ctx: SandboxContext) => ctx.store.list<Hook>(kind)
export const hook = (ctx: SandboxContext, id: string) => ctx.store.get<Hook>(kind, id)

export function keepHook(ctx: SandboxContext, one: Hook) {
  ctx.store.put(kind, String(one.id), one)
  rememberSecret(ctx, one)
}

export function dropHook(ctx: SandboxContext, one: Hook) {
  ctx.store.delete(kind, String(one.id))
  secrets.delete(one.subscriberUrl)
}

/** The core passes the application's own secret to `sign`, so that a fault can replace it. */
export function rememberSecret(ctx: SandboxContext, one: Hook) {
  if (one.secret === ctx.keys['CALCOM_WEBHOOK_SECRET']) secrets.delete(one.subscriberUrl)
  else secrets.set(one.subscriberUrl, one.secret)
}

/** Lower-case hex HMAC of the raw body; without a secret Cal.com sends a text instead. */
export function signature(body: string, secret: string | undefined): string {
  return secret ? createHmac('sha256', secret).update(body).digest('hex') : 'no-secret-provided'
}

export function sign(delivery: Delivery, given: string): Record<string, string> {
  const secret = secrets.has(delivery.url) ? secrets.get(delivery.url) : given
  return { 'x-cal-signature-256': signature(delivery.body, secret) }
}

/** Sends `body` to every active webhook of this trigger. Inside the caller's transaction. */
export function emit(
  ctx: SandboxContext,
  trigger: string,
  about: { uid: string; eventTypeId: number; ownerId: number },
  body: Record<string, unknown>,
) {
  const isFlat = trigger === 'MEETING_STARTED' || trigger === 'MEETING_ENDED'
  for (const one of hooks(ctx)) {
    const wants =
      one.active &&
      one.triggers.includes(trigger) &&
      (one.eventTypeId ?? about.eventTypeId) === about.eventTypeId &&
      isReachedBy(ctx, accountOf(ctx, one.userId), about.ownerId)
    if (!wants) continue
    ctx.deliver({
      id: `${trigger}-${about.uid}-${ctx.store.next('calcom.delivery')}`,
      provider: 'calcom',
      type: trigger,
      url: one.subscriberUrl,
      contentType: 'application/json',
      body: JSON.stringify(body),
      headers: isFlat ? {} : { 'x-cal-webhook-version': version },
    })
  }
}
