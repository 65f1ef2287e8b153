// Webhooks of all providers: verify the raw bytes, dedupe by the event id, store, enqueue in the same
// transaction, answer. Their content is only a hint.
import { createHash } from 'node:crypto'
import { Hono, type Context as HonoContext } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { inTransaction } from '../db/client.ts'
import { enqueue } from '../db/jobs.ts'
import type { WebhookEvents } from '../db/schema.generated.ts'
import { isAirtableMacValid } from '../integrations/airtable.ts'
import { isCalcomSignatureValid } from '../integrations/calcom.ts'
import { isDailySignatureValid } from '../integrations/daily.ts'
import { readStripeEvent } from '../integrations/stripe.ts'
import { isTwilioSignatureValid } from '../integrations/twilio.ts'
import { failpoint } from '../lib/failpoint.ts'
import { Refusal } from '../lib/errors.ts'
import { derivedSecret } from '../lib/sealed.ts'
import { newId } from '../lib/ids.ts'
import { now } from '../lib/time.ts'
import type { Context } from '../journey/context.ts'
import { finalStatusOf } from '../journey/messages/delivery.ts'
import { guard, type Proof, type RequestEnv } from '../journey/request.ts'

type Incoming = {
  provider: WebhookEvents['provider']
  /** The provider's own event id, or one made of what makes the event itself. */
  eventId: string
  type: string
  payload: unknown
}

/** Stores the event with its job. Dedupes: an event whose id is known changes nothing. */
async function store(
  ctx: Context,
  incoming: Incoming,
  job: 'handle-webhook' | 'record-delivery' | 'none' = 'handle-webhook',
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const webhookEventId = newId()
    const added = await tx
      .insertInto('webhookEvents')
      .values({
        id: webhookEventId,
        ...incoming,
        payload: JSON.stringify(incoming.payload),
        receivedAt: now(),
        handledAt: job === 'none' ? now() : null,
      })
      .onConflict((conflict) => conflict.columns(['provider', 'eventId']).doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows === 1n && job !== 'none') await enqueue(tx, job, { webhookEventId })
  })
  failpoint(`after-commit:webhook-${incoming.provider}`)
}

type Signed = HonoContext<RequestEnv>

/** Refuses a message that is not signed by its provider, before anything else is done with it. */
function signedBy(isFromProvider: (c: Signed) => unknown): Proof {
  return {
    by: 'webhook',
    check: async (c) => {
      if (!(await isFromProvider(c)))
        throw new Refusal('signature_invalid', 'The signature of this message is missing, wrong or too old.')
    },
  }
}

async function stripeEventOf(c: Signed) {
  return readStripeEvent(c.get('ctx').stripe, await c.req.text(), c.req.header('stripe-signature'), now())
}

async function isFromCalcom(c: Signed): Promise<boolean> {
  const signature = c.req.header('x-cal-signature-256')
  const { calcom, config } = c.get('ctx')
  // The webhook of a host's own account has a secret of its own: no host can speak for another.
  const hostId = c.req.query('host')
  const signer = hostId
    ? { ...calcom, webhookSecret: derivedSecret(config.authSecret, `calcom webhook ${hostId}`) }
    : calcom
  return isCalcomSignatureValid(signer, signature, await c.req.text())
}

async function isFromDaily(c: Signed): Promise<boolean> {
  const [signature, sentAt] = [c.req.header('x-webhook-signature'), c.req.header('x-webhook-timestamp')]
  return isDailySignatureValid(c.get('ctx').daily, signature, sentAt, await c.req.text(), now())
}

async function isFromTwilio(c: Signed, path: string): Promise<boolean> {
  const { config, twilio } = c.get('ctx')
  const url = `${config.publicUrl}/functions/v1${path}`
  return isTwilioSignatureValid(twilio, c.req.header('x-twilio-signature'), url, await formOf(c))
}

async function isFromAirtable(c: Signed): Promise<boolean> {
  const mac = c.req.header('x-airtable-content-mac')
  const raw = await c.req.text()
  const webhooks = await c.get('ctx').db.selectFrom('airtableWebhooks').select('macSecret').execute()
  return webhooks.some((webhook) => isAirtableMacValid(webhook.macSecret, mac, raw))
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (parsed && typeof parsed === 'object' && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch {
    // signed, but not JSON: refused below
  }
  throw new Refusal('invalid_input', 'The body of this message is not a JSON object.')
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

async function formOf(c: HonoContext): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await c.req.text()))
}

export function webhookRoutes(): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>()
  app.use(
    bodyLimit({
      maxSize: 1_000_000,
      onError: () => {
        throw new Refusal('body_too_large', 'This message is larger than one megabyte.')
      },
    }),
  )

  app.post('/stripe-payment-confirm', guard(signedBy(stripeEventOf)), async (c) => {
    const ctx = c.get('ctx')
    const event = await stripeEventOf(c)
    if (
      !event ||
      typeof event !== 'object' ||
      typeof event.id !== 'string' ||
      typeof event.type !== 'string'
    ) {
      throw new Refusal('invalid_input', 'This message is signed but is not a Stripe event.')
    }
    await store(ctx, { provider: 'stripe', eventId: event.id, type: event.type, payload: event })
    return c.json({ received: true })
  })

  app.post('/calcom-webhook', guard(signedBy(isFromCalcom)), async (c) => {
    const ctx = c.get('ctx')
    const raw = await c.req.text()
    const body = parseJson(raw)
    // Cal.com's deliveries have no id, so the same bytes are the same event.
    await store(ctx, {
      provider: 'calcom',
      eventId: digest(raw),
      type: textOf(body['triggerEvent']) || 'unknown',
      payload: body,
    })
    return c.json({ received: true })
  })

  app.post('/daily-webhook', guard(signedBy(isFromDaily)), async (c) => {
    const ctx = c.get('ctx')
    const raw = await c.req.text()
    const body = parseJson(raw)
    if ('test' in body) return c.json({ received: true })
    await store(ctx, {
      provider: 'daily',
      eventId: textOf(body['id']) || digest(raw),
      type: textOf(body['type']) || 'unknown',
      payload: body,
    })
    return c.json({ received: true })
  })

  for (const path of ['/twilio-status', '/twilio-inbound'] as const) {
    app.post(path, guard(signedBy((c) => isFromTwilio(c, path))), async (c) => {
      const ctx = c.get('ctx')
      const form = await formOf(c)
      const sid = form['MessageSid'] ?? form['SmsSid'] ?? ''
      if (!sid) throw new Refusal('invalid_input', 'This message has no MessageSid.')
      const isStatus = path === '/twilio-status'
      const status = form['MessageStatus'] ?? form['SmsStatus'] ?? 'unknown'
      // Intermediate reports about an SMS are stored without a job: only its end matters.
      const job = !isStatus ? 'handle-webhook' : finalStatusOf(status) ? 'record-delivery' : 'none'
      await store(
        ctx,
        {
          provider: 'twilio',
          eventId: isStatus ? `${sid}:${status}` : `${sid}:inbound`,
          type: isStatus ? 'status' : 'inbound',
          payload: form,
        },
        job,
      )
      return c.body('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', 200, {
        'content-type': 'text/xml',
      })
    })
  }

  app.post('/airtable-webhook', guard(signedBy(isFromAirtable)), async (c) => {
    const ctx = c.get('ctx')
    const raw = await c.req.text()
    const body = parseJson(raw)
    // A ping only says that something changed, so each ping is an event of its own.
    await store(ctx, {
      provider: 'airtable',
      eventId: `${digest(raw)}:${now().getTime()}`,
      type: 'ping',
      payload: body,
    })
    return c.json({ received: true })
  })

  return app
}
