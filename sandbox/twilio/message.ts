// A text message as the sandbox stores it and as the API shows it.
import { randomBytes } from 'node:crypto'
import type { SandboxContext } from '../core/provider.ts'
import type { Store } from '../core/store.ts'
import { segmentCount } from './segments.ts'

export type MessageStatus =
  | 'accepted'
  | 'scheduled'
  | 'canceled'
  | 'queued'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'received'

export type Message = {
  sid: string
  to: string
  from: string
  body: string
  status: MessageStatus
  direction: 'inbound' | 'outbound-api' | 'outbound-reply'
  messagingServiceSid: string | null
  statusCallback: string | null
  errorCode: number | null
  /** Milliseconds since the epoch, sandbox clock. */
  createdAt: number
  updatedAt: number
  sentAt: number | null
  /** Verify's codes reach the phone but are not messages of the account. */
  isVerification: boolean
}

export const newSid = (prefix: 'SM' | 'VE' | 'VA' | 'VL') => prefix + randomBytes(16).toString('hex')

export function putMessage(
  ctx: SandboxContext,
  fields: Partial<Message> & Pick<Message, 'to' | 'body' | 'status'>,
): Message {
  const nowMs = ctx.clock.now()
  const message: Message = {
    sid: newSid('SM'),
    from: '',
    direction: 'outbound-api',
    messagingServiceSid: null,
    statusCallback: null,
    errorCode: null,
    createdAt: nowMs,
    updatedAt: nowMs,
    sentAt: null,
    isVerification: false,
    ...fields,
  }
  saveMessage(ctx.store, message)
  return message
}

export function saveMessage(store: Store, message: Message): void {
  store.put('twilio.message', message.sid, message)
}

export function getMessage(store: Store, sid: string): Message | undefined {
  const message = store.get<Message>('twilio.message', sid)
  return message?.isVerification ? undefined : message
}

export const errorTexts: Record<number, string> = {
  30003: 'Unreachable destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
}

const rfc2822 = (atMs: number | null) =>
  atMs === null ? null : new Date(atMs).toUTCString().replace('GMT', '+0000')

export function messageResource(ctx: SandboxContext, message: Message) {
  const accountSid = ctx.keys['TWILIO_ACCOUNT_SID']!
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`
  const isUnassigned =
    message.messagingServiceSid !== null && ['accepted', 'scheduled', 'canceled'].includes(message.status)
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : (errorTexts[message.errorCode] ?? null),
    from: isUnassigned ? null : message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: '0',
    num_segments: isUnassigned ? '0' : String(segmentCount(message.body)),
    price: ['sent', 'delivered', 'received'].includes(message.status) ? '-0.05150' : null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  }
}
