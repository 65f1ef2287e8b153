// A verification of a phone number: one code for ten minutes, few sends, few checks.
import { randomInt } from 'node:crypto'
import { minuteMs } from '../core/durations.ts'
import type { SandboxContext } from '../core/provider.ts'

export type VerifyService = { sid: string; friendlyName: string; codeLength: number; createdAt: number }

export type Verification = {
  sid: string
  serviceSid: string
  to: string
  channel: string
  code: string
  status: 'pending' | 'approved' | 'canceled'
  checks: number
  sends: { sid: string; at: number }[]
  createdAt: number
  updatedAt: number
}

export const verificationRules = { lifeMs: 10 * minuteMs, sends: 5, checks: 5 }

export function newCode(length: number): string {
  return Array.from({ length }, () => randomInt(10)).join('')
}

/** The verification of this number that can still be checked. */
export function openVerification(
  ctx: SandboxContext,
  serviceSid: string,
  to: string,
): Verification | undefined {
  const sid = ctx.store.get<string>('twilio.verifying', `${serviceSid}:${to}`)
  const verification = sid === undefined ? undefined : ctx.store.get<Verification>('twilio.verification', sid)
  return verification && isOpen(ctx, verification) ? verification : undefined
}

/** A verification ends with approval, cancellation, ten minutes or one check too many. */
export function isOpen(ctx: SandboxContext, { status, createdAt, checks }: Verification): boolean {
  const ageMs = ctx.clock.now() - createdAt
  return (
    status === 'pending' &&
    checks <= verificationRules.checks &&
    ageMs >= 0 &&
    ageMs < verificationRules.lifeMs
  )
}

export function saveVerification(ctx: SandboxContext, verification: Verification): void {
  ctx.store.put('twilio.verification', verification.sid, verification)
  ctx.store.put('twilio.verifying', `${verification.serviceSid}:${verification.to}`, verification.sid)
}

const iso = (atMs: number) => new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z')

export function verificationResource(ctx: SandboxContext, verification: Verification) {
  const { sid, serviceSid, to, channel, status, sends } = verification
  return {
    sid,
    service_sid: serviceSid,
    account_sid: ctx.keys['TWILIO_ACCOUNT_SID'],
    to,
    channel,
    status,
    valid: status === 'approved',
    lookup: {},
    amount: null,
    payee: null,
    sna: null,
    send_code_attempts: sends.map((send) => ({ attempt_sid: send.sid, channel, time: iso(send.at) })),
    date_created: iso(verification.createdAt),
    date_updated: iso(verification.updatedAt),
    url: `${ctx.baseUrl}/v2/Services/${serviceSid}/Verifications/${sid}`,
  }
}

export function checkResource(ctx: SandboxContext, verification: Verification) {
  const { sid, serviceSid, to, channel, status } = verification
  return {
    sid,
    service_sid: serviceSid,
    account_sid: ctx.keys['TWILIO_ACCOUNT_SID'],
    to,
    channel,
    status,
    valid: status === 'approved',
    amount: null,
    payee: null,
    sna_attempts_error_codes: [],
    date_created: iso(verification.createdAt),
    date_updated: iso(verification.updatedAt),
  }
}

export function serviceResource(ctx: SandboxContext, service: VerifyService) {
  const url = `${ctx.baseUrl}/v2/Services/${service.sid}`
  return {
    sid: service.sid,
    account_sid: ctx.keys['TWILIO_ACCOUNT_SID'],
    friendly_name: service.friendlyName,
    code_length: service.codeLength,
    lookup_enabled: false,
    psd2_enabled: false,
    skip_sms_to_landlines: false,
    dtmf_input_required: true,
    tts_name: null,
    do_not_share_warning_enabled: false,
    custom_code_enabled: false,
    push: {},
    totp: {},
    default_template_sid: null,
    whatsapp: {},
    passkeys: {},
    verify_event_subscription_enabled: false,
    date_created: iso(service.createdAt),
    date_updated: iso(service.createdAt),
    url,
    links: { verifications: `${url}/Verifications`, verification_checks: `${url}/VerificationCheck` },
  }
}
