// The carrier: moves an accepted message through queued, sent, delivered or undelivered, with status
// callbacks.
import { randomUUID } from 'node:crypto'
import type { SandboxContext } from '../core/provider.ts'
import { errorTexts, saveMessage } from './message.ts'
import type { Message, MessageStatus } from './message.ts'
import { landlineNumber } from './numbers.ts'

const stepMs = { queued: 40, sent: 90, delivered: 160, late: 260 }
/** One message in four reports `sent` after `delivered`, as happens in reality. */
const outOfOrderEvery = 4

/** `at` is when it is due, even if a moved clock runs it later. */
type DeliveryStep = { sid: string; status: MessageStatus; at: number; isSilent: boolean }
type StatusCallback = { sid: string; status: MessageStatus }

export function sendLater(ctx: SandboxContext, message: Message): void {
  const nowMs = ctx.clock.now()
  const step = (status: MessageStatus, delayMs: number, isSilent = false) =>
    ctx.schedule('twilio', 'message.step', nowMs + delayMs, {
      sid: message.sid,
      status,
      at: nowMs + delayMs,
      isSilent,
    } satisfies DeliveryStep)
  const isOutOfOrder = ctx.store.next('twilio.sent') % outOfOrderEvery === 0
  if (message.status !== 'queued') step('queued', stepMs.queued)
  step('sent', stepMs.sent, isOutOfOrder)
  step(message.to === landlineNumber ? 'undelivered' : 'delivered', stepMs.delivered)
  if (isOutOfOrder)
    ctx.schedule('twilio', 'message.told', nowMs + stepMs.late, {
      sid: message.sid,
      status: 'sent',
    } satisfies StatusCallback)
}

export const messageTimers = {
  'message.step': ({ sid, status, at, isSilent }: DeliveryStep, ctx: SandboxContext) => {
    const message = ctx.store.get<Message>('twilio.message', sid)
    if (!message) return
    const next: Message = {
      ...message,
      status,
      updatedAt: at,
      sentAt: status === 'sent' ? at : message.sentAt,
      errorCode: status === 'undelivered' ? 30006 : message.errorCode,
    }
    saveMessage(ctx.store, next)
    if (!isSilent) tell(ctx, next, status)
  },
  'message.told': ({ sid, status }: StatusCallback, ctx: SandboxContext) => {
    const message = ctx.store.get<Message>('twilio.message', sid)
    if (message) tell(ctx, message, status)
  },
  'message.release': ({ sid }: { sid: string }, ctx: SandboxContext) => {
    const message = ctx.store.get<Message>('twilio.message', sid)
    if (message?.status === 'scheduled') sendLater(ctx, message)
  },
}

/** Posts one status to the message's StatusCallback, if it has one. */
function tell(ctx: SandboxContext, message: Message, status: MessageStatus): void {
  if (!message.statusCallback) return
  const isFailed = message.errorCode !== null && (status === 'undelivered' || status === 'failed')
  const form = new URLSearchParams({
    AccountSid: ctx.keys['TWILIO_ACCOUNT_SID']!,
    ApiVersion: '2010-04-01',
    From: message.from,
    MessageSid: message.sid,
    MessageStatus: status,
    SmsSid: message.sid,
    SmsStatus: status,
    To: message.to,
    ...(message.messagingServiceSid ? { MessagingServiceSid: message.messagingServiceSid } : {}),
    ...(status === 'delivered' ? { RawDlrDoneDate: doneDate(ctx.clock.now()) } : {}),
    ...(isFailed
      ? { ErrorCode: String(message.errorCode), ErrorMessage: errorTexts[message.errorCode!] ?? '' }
      : {}),
  })
  ctx.deliver({
    id: `${message.sid}:${status}`,
    provider: 'twilio',
    type: `message.${status}`,
    url: message.statusCallback,
    contentType: 'application/x-www-form-urlencoded',
    body: form.toString(),
    headers: { 'I-Twilio-Idempotency-Token': randomUUID() },
  })
}

/** YYMMDDhhmm in UTC. */
function doneDate(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\D/g, '').slice(2, 12)
}
