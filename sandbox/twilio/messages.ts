// The Messages resource: create, fetch, update (redact or cancel), delete.
import { dayMs, minuteMs } from '../core/durations.ts'
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { sendLater } from './carrier.ts'
import { noSuchResource, twilioError } from './error.ts'
import { listMessages } from './message-list.ts'
import { getMessage, messageResource, putMessage, saveMessage } from './message.ts'
import type { Message } from './message.ts'
import { phoneNumber, refusalOf, refusalOfSender, senderNumber } from './numbers.ts'
import { isOptedOut } from './opt-out.ts'
import { isPublicAddress } from './public-address.ts'
import { smartEncoded } from './segments.ts'

const maxBodyLength = 1600
const scheduleAheadMs = { min: 5 * minuteMs, max: 35 * dayMs }

const refused = (code: number, message: string) => twilioError(400, code, message)

function create(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const form = new URLSearchParams(request.body)
  const value = (name: string) => form.get(name)?.trim() || undefined
  const serviceSid = value('MessagingServiceSid')
  const from = value('From')
  const body = form.get('Body') ?? ''
  const toText = value('To')
  if (!toText) return refused(21604, "A 'To' phone number is required.")
  const to = phoneNumber(toText)
  if (!to) return refused(21211, `The 'To' number ${toText} is not a valid phone number.`)
  if (!from && !serviceSid) return refused(21603, "A 'From' phone number is required.")
  if (body === '' && !value('MediaUrl') && !value('ContentSid'))
    return refused(21602, 'Message body is required.')
  if (body.length > maxBodyLength)
    return refused(21617, `The concatenated message body exceeds the ${maxBodyLength} character limit`)
  if (serviceSid && serviceSid !== ctx.keys['TWILIO_MESSAGING_SERVICE_SID']) {
    return twilioError(404, 21701, `The Messaging Service ${serviceSid} was not found`)
  }
  const refusal = (from ? refusalOfSender(from) : undefined) ?? refusalOf(to, Boolean(serviceSid))
  if (refusal) return refused(...refusal)
  if (isOptedOut(ctx.store, to)) return refused(21610, 'Attempt to send to unsubscribed recipient')
  const statusCallback = value('StatusCallback') ?? null
  if (statusCallback && !isPublicAddress(statusCallback, ctx.appUrl))
    return refused(21609, `The 'StatusCallback' URL ${statusCallback} is not a valid URL.`)

  const fields = {
    to,
    // Smart encoding, which messaging services have by default.
    body: smartEncoded(body),
    from: from ?? senderNumber,
    messagingServiceSid: serviceSid ?? null,
    statusCallback,
  }
  if (value('ScheduleType') === 'fixed') return schedule(ctx, fields, value('SendAt'))
  const message = putMessage(ctx, { ...fields, status: serviceSid ? 'accepted' : 'queued' })
  sendLater(ctx, message)
  return { status: 201, body: messageResource(ctx, message) }
}

type OutgoingFields = Pick<Message, 'to' | 'body' | 'from' | 'messagingServiceSid' | 'statusCallback'>

function schedule(ctx: SandboxContext, fields: OutgoingFields, sendAt: string | undefined): ProviderAnswer {
  const atMs = Date.parse(sendAt ?? '')
  const aheadMs = atMs - ctx.clock.now()
  if (!fields.messagingServiceSid)
    return refused(35118, 'MessagingServiceSid is required to schedule a message')
  if (Number.isNaN(atMs)) return refused(35111, 'SendAt is missing or invalid')
  if (aheadMs < scheduleAheadMs.min || aheadMs > scheduleAheadMs.max) {
    return refused(35114, 'SendAt time must be between 5 minutes and 35 days ahead')
  }
  const message = putMessage(ctx, { ...fields, status: 'scheduled' })
  ctx.schedule('twilio', 'message.release', atMs, { sid: message.sid })
  return { status: 201, body: messageResource(ctx, message) }
}

const found = (request: ProviderRequest, ctx: SandboxContext) =>
  getMessage(ctx.store, request.params['file']!.replace(/\.json$/, ''))

function fetchOne(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const message = found(request, ctx)
  return message ? { status: 200, body: messageResource(ctx, message) } : noSuchResource(request.path)
}

function update(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const message = found(request, ctx)
  if (!message) return noSuchResource(request.path)
  const form = new URLSearchParams(request.body)
  const isCancelling = form.get('Status') === 'canceled'
  if (isCancelling && message.status !== 'scheduled')
    return refused(30409, 'Message cannot be canceled in its current status')
  if (form.has('Body') && form.get('Body') !== '')
    return refused(20001, 'The Body of a message can only be set to an empty string')
  const next: Message = {
    ...message,
    updatedAt: ctx.clock.now(),
    status: isCancelling ? 'canceled' : message.status,
    body: form.has('Body') ? '' : message.body,
  }
  saveMessage(ctx.store, next)
  return { status: 200, body: messageResource(ctx, next) }
}

function remove(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const message = found(request, ctx)
  if (!message) return noSuchResource(request.path)
  const isUnderWay = ['accepted', 'queued', 'scheduled'].includes(message.status)
  if (isUnderWay) return twilioError(409, 20009, 'Cannot delete this resource before it has completed')
  ctx.store.delete('twilio.message', message.sid)
  return { status: 204 }
}

const all = '/2010-04-01/Accounts/:accountSid/Messages.json'
const single = '/2010-04-01/Accounts/:accountSid/Messages/:file'

export const messageOperations: Operation[] = [
  { name: 'messages.create', method: 'POST', path: all, handle: create },
  { name: 'messages.list', method: 'GET', path: all, handle: listMessages },
  { name: 'messages.get', method: 'GET', path: single, handle: fetchOne },
  { name: 'messages.update', method: 'POST', path: single, handle: update },
  { name: 'messages.delete', method: 'DELETE', path: single, handle: remove },
]
