// Verify v2: start a verification, look at it, end it, check a code.
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { noSuchResource, twilioError } from './error.ts'
import { newSid, putMessage } from './message.ts'
import { phoneNumber, refusalOf, senderNumber } from './numbers.ts'
import {
  checkResource,
  isOpen,
  newCode,
  openVerification,
  saveVerification,
  verificationResource,
  verificationRules,
} from './verification.ts'
import type { Verification, VerifyService } from './verification.ts'

const channels = ['sms', 'call', 'whatsapp']

const invalid = (name: string, value: string | null) =>
  twilioError(400, 60200, `Invalid parameter \`${name}\`${value ? `: ${value}` : ''}`)

type ServiceAct = (request: ProviderRequest, ctx: SandboxContext, service: VerifyService) => ProviderAnswer

/** Runs `act` for a service that exists. */
const inService =
  (act: ServiceAct): Operation['handle'] =>
  (request, ctx) => {
    const service = ctx.store.get<VerifyService>('twilio.service', request.params['serviceSid']!)
    return service ? act(request, ctx, service) : noSuchResource(request.path.replace(/^\/v2/, ''))
  }

const start = inService((request, ctx, service) => {
  const form = new URLSearchParams(request.body)
  const to = phoneNumber(form.get('To') ?? '')
  const channel = form.get('Channel') ?? ''
  if (!to || refusalOf(to, true)?.[0] === 21211) return invalid('To', form.get('To'))
  if (!channels.includes(channel)) return invalid('Channel', channel)
  const nowMs = ctx.clock.now()
  const open = openVerification(ctx, service.sid, to)
  if (open && open.sends.length >= verificationRules.sends)
    return twilioError(429, 60203, 'Max send attempts reached')
  const verification: Verification = {
    ...(open ?? {
      sid: newSid('VE'),
      serviceSid: service.sid,
      to,
      code: newCode(service.codeLength),
      status: 'pending',
      checks: 0,
      createdAt: nowMs,
    }),
    channel,
    updatedAt: nowMs,
    sends: [...(open?.sends ?? []), { sid: newSid('VL'), at: nowMs }],
  }
  saveVerification(ctx, verification)
  putMessage(ctx, {
    to,
    from: senderNumber,
    body: `Your ${service.friendlyName} verification code is: ${verification.code}`,
    status: 'delivered',
    sentAt: nowMs,
    isVerification: true,
  })
  return { status: 201, body: verificationResource(ctx, verification) }
})

/** By its sid, or by the phone number it was sent to. */
function find(
  request: ProviderRequest,
  ctx: SandboxContext,
  service: VerifyService,
): Verification | undefined {
  const key = request.params['sid']!
  const verification = key.startsWith('VE')
    ? ctx.store.get<Verification>('twilio.verification', key)
    : openVerification(ctx, service.sid, phoneNumber(key) ?? key)
  return verification?.serviceSid === service.sid && isOpen(ctx, verification) ? verification : undefined
}

const fetchOne = inService((request, ctx, service) => {
  const verification = find(request, ctx, service)
  return verification
    ? { status: 200, body: verificationResource(ctx, verification) }
    : noSuchResource(request.path.replace(/^\/v2/, ''))
})

const end = inService((request, ctx, service) => {
  const verification = find(request, ctx, service)
  if (!verification) return noSuchResource(request.path.replace(/^\/v2/, ''))
  const status = new URLSearchParams(request.body).get('Status')
  if (status !== 'approved' && status !== 'canceled') return invalid('Status', status)
  const ended: Verification = { ...verification, status, updatedAt: ctx.clock.now() }
  saveVerification(ctx, ended)
  return { status: 200, body: verificationResource(ctx, ended) }
})

const check = inService((request, ctx, service) => {
  const form = new URLSearchParams(request.body)
  const code = form.get('Code') ?? ''
  const [sid, toText] = [form.get('VerificationSid'), form.get('To')]
  if (code.length < 4 || code.length > 10) return invalid('Code', code)
  if (!sid && !toText) return invalid('To', null)
  const verification = sid
    ? ctx.store.get<Verification>('twilio.verification', sid)
    : openVerification(ctx, service.sid, phoneNumber(toText ?? '') ?? '')
  if (!verification || verification.serviceSid !== service.sid || !isOpen(ctx, verification)) {
    return noSuchResource(request.path.replace(/^\/v2/, ''))
  }
  if (verification.checks >= verificationRules.checks) {
    saveVerification(ctx, { ...verification, checks: verification.checks + 1, updatedAt: ctx.clock.now() })
    return twilioError(429, 60202, 'Max check attempts reached')
  }
  const isRight = code === verification.code
  const checked: Verification = {
    ...verification,
    checks: verification.checks + 1,
    updatedAt: ctx.clock.now(),
    status: isRight ? 'approved' : 'pending',
  }
  saveVerification(ctx, checked)
  return { status: 200, body: checkResource(ctx, checked) }
})

export const verifyOperations: Operation[] = [
  {
    name: 'verifications.create',
    method: 'POST',
    path: '/v2/Services/:serviceSid/Verifications',
    handle: start,
  },
  {
    name: 'verifications.get',
    method: 'GET',
    path: '/v2/Services/:serviceSid/Verifications/:sid',
    handle: fetchOne,
  },
  {
    name: 'verifications.update',
    method: 'POST',
    path: '/v2/Services/:serviceSid/Verifications/:sid',
    handle: end,
  },
  {
    name: 'verificationChecks.create',
    method: 'POST',
    path: '/v2/Services/:serviceSid/VerificationCheck',
    handle: check,
  },
]
