// An incoming text: the message, the opt-out words, and the webhook to the application.
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { SandboxContext } from '../core/provider.ts'
import { putMessage } from './message.ts'
import { phoneNumber, senderNumber } from './numbers.ts'
import { isAdvancedOptOutOn, optOutReplies, optOutType, setAdvancedOptOut, setOptedOut } from './opt-out.ts'
import { segmentCount } from './segments.ts'

/** Pages of the stand-in: the phones of the console send their texts here. */
export function twilioPages(ctx: SandboxContext): Hono {
  const app = new Hono()
  app.post('/_sandbox/twilio/inbound', async (c) => {
    const sent: { from?: unknown; body?: unknown } = await c.req.json().catch(() => ({}))
    const from = phoneNumber(String(sent.from ?? ''))
    if (!from || typeof sent.body !== 'string' || sent.body === '')
      return c.json({ error: 'from (E.164) and body are needed' }, 400)
    const body = sent.body
    const sid = ctx.store.transaction(() => receive(ctx, from, body))
    ctx.changed('twilio.inbound')
    return c.json({ sid }, 201)
  })
  app.post('/_sandbox/twilio/advanced-opt-out', async (c) => {
    const { on }: { on?: unknown } = await c.req.json().catch(() => ({}))
    setAdvancedOptOut(ctx.store, on === true)
    return c.json({ on: on === true })
  })
  return app
}

/** Stores an incoming text, answers the opt-out words as Twilio does, and tells the application. */
function receive(ctx: SandboxContext, from: string, body: string): string {
  const messagingServiceSid = ctx.keys['TWILIO_MESSAGING_SERVICE_SID']!
  const message = putMessage(ctx, {
    from,
    to: senderNumber,
    body,
    status: 'received',
    direction: 'inbound',
    messagingServiceSid,
    sentAt: ctx.clock.now(),
  })
  const type = optOutType(body)
  if (type === 'STOP' || type === 'START') setOptedOut(ctx.store, from, type === 'STOP')
  if (type) {
    putMessage(ctx, {
      from: senderNumber,
      to: from,
      body: optOutReplies[type],
      status: 'delivered',
      direction: 'outbound-reply',
      messagingServiceSid,
      sentAt: ctx.clock.now(),
    })
  }
  const form = new URLSearchParams({
    AccountSid: ctx.keys['TWILIO_ACCOUNT_SID']!,
    ApiVersion: '2010-04-01',
    Body: body,
    From: from,
    MessageSid: message.sid,
    MessagingServiceSid: messagingServiceSid,
    NumMedia: '0',
    NumSegments: String(segmentCount(body)),
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    SmsStatus: 'received',
    To: senderNumber,
    ...(type && isAdvancedOptOutOn(ctx.store) ? { OptOutType: type } : {}),
  })
  ctx.deliver({
    id: `${message.sid}:received`,
    provider: 'twilio',
    type: 'message.received',
    url: `${ctx.appUrl}/functions/v1/twilio-inbound`,
    contentType: 'application/x-www-form-urlencoded',
    body: form.toString(),
    headers: { 'I-Twilio-Idempotency-Token': randomUUID() },
  })
  return message.sid
}
