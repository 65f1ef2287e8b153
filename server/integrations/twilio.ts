// Twilio in our words, on the official SDK: Verify for sign-in codes, Messages for SMS.
// Messages have no idempotency keys, so findSms looks up what an unanswered send may have done.
import twilioSdk from 'twilio'
import type { Config } from '../config.ts'
import type { AdaptiveRate } from '../calls/adaptive-rate.ts'
import { ProviderError } from '../lib/errors.ts'
import { isSameText } from '../lib/plain-text.ts'
import { noteTwilioFailures } from './note-twilio-failures.ts'
import { statusIsAmbiguous, timeoutMs } from './provider-error.ts'

const { RequestClient, Twilio, validateRequest } = twilioSdk

export type TwilioClient = {
  sdk: InstanceType<typeof Twilio>
  config: Config['twilio']
  /** How fast SMS may be sent. Each account has its own limit, and only a refusal tells it. */
  smsRate?: AdaptiveRate
  isCallbackRefused?: boolean
}

export function openTwilio(config: Config['twilio'], smsRate?: AdaptiveRate): TwilioClient {
  const base = new RequestClient({ timeout: timeoutMs })
  const addresses: [string, string][] = [
    ['https://api.twilio.com', config.apiUrl],
    ['https://verify.twilio.com', config.verifyUrl],
    ['https://messaging.twilio.com', config.messagingUrl],
  ]
  // The SDK has fixed hosts; this HTTP client redirects their requests to the configured addresses.
  const redirected = Object.assign(Object.create(base) as typeof base, {
    request: (options: Parameters<typeof base.request>[0]) => {
      const found = addresses.find(([official]) => options.uri.startsWith(official))
      const uri = found ? found[1] + options.uri.slice(found[0].length) : options.uri
      return noteTwilioFailures(options, () => base.request({ ...options, uri }))
    },
  })
  return {
    sdk: new Twilio(config.accountSid, config.authToken, { httpClient: redirected }),
    config,
    ...(smsRate ? { smsRate } : {}),
  }
}

type RestError = { status?: number; code?: number | string; message: string }

async function asProviderError<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    const { status, code, message } = error as RestError
    throw new ProviderError('twilio', message, {
      ambiguous: statusIsAmbiguous(typeof status === 'number' ? status : undefined),
      status: typeof status === 'number' ? status : undefined,
      code: code === undefined ? undefined : String(code),
      cause: error,
    })
  }
}

/** Sends a sign-in code; a repeat within ten minutes sends the same code again. */
export async function sendCode(twilio: TwilioClient, mobileNumber: string): Promise<void> {
  await asProviderError(() =>
    twilio.sdk.verify.v2
      .services(twilio.config.verifyServiceSid)
      .verifications.create({ to: mobileNumber, channel: 'sms' }),
  )
}

/** Whether the code is right. A used, expired or unknown verification (404) counts as wrong. */
export async function checkCode(twilio: TwilioClient, mobileNumber: string, code: string): Promise<boolean> {
  try {
    const check = await asProviderError(() =>
      twilio.sdk.verify.v2
        .services(twilio.config.verifyServiceSid)
        .verificationChecks.create({ to: mobileNumber, code }),
    )
    return check.status === 'approved' && check.valid
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return false
    throw error
  }
}

export type SentMessage = {
  sid: string
  status: string
}

/** Twilio's refusal of a StatusCallback that it cannot reach. */
const callbackRefused = '21609'

export async function sendSms(
  twilio: TwilioClient,
  message: { to: string; body: string; statusCallbackUrl: string },
): Promise<SentMessage> {
  const create = (statusCallback?: string) =>
    asProviderError(() =>
      twilio.sdk.messages.create({
        to: message.to,
        body: message.body,
        messagingServiceSid: twilio.config.messagingServiceSid,
        ...(statusCallback ? { statusCallback } : {}),
      }),
    )
  if (!twilio.isCallbackRefused)
    try {
      const sent = await create(message.statusCallbackUrl)
      return { sid: sent.sid, status: sent.status }
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== callbackRefused) throw error
      // The address stays what it is while the process runs, so it is asked once.
      twilio.isCallbackRefused = true
    }
  const sent = await create()
  return { sid: sent.sid, status: sent.status }
}

/** What Twilio puts in front of every SMS of a trial account. */
const trialPrefix = 'Sent from your Twilio trial account - '

/**
 * An SMS with this body to this number since `since`, in any status, that is none of `knownSids`. Twilio may
 * have stored it with other quotes and accents, behind a prefix, or without its text.
 */
export async function findSms(
  twilio: TwilioClient,
  to: string,
  body: string,
  since: Date,
  knownSids: readonly string[] = [],
): Promise<SentMessage | undefined> {
  // One page is enough of each list: the newest messages to one number.
  const list = await asProviderError(() => twilio.sdk.messages.list({ to, dateSentAfter: since, limit: 200 }))
  // An SMS that still waits to be sent has no date of sending, so the list above lacks it.
  const newest = await asProviderError(() => twilio.sdk.messages.list({ to, limit: 50 }))
  const ours = [...list, ...newest.filter((message) => message.dateCreated >= since)].filter(
    (message) => !knownSids.includes(message.sid) && message.direction !== 'inbound',
  )
  const withoutPrefix = (text: string) =>
    text.startsWith(trialPrefix) ? text.slice(trialPrefix.length) : text
  const found =
    ours.find((message) => isSameText(withoutPrefix(message.body), body)) ??
    ours.find((message) => message.body === '' && message.direction === 'outbound-api')
  return found ? { sid: found.sid, status: found.status } : undefined
}

/**
 * Deletes the record of a message with its number and text. One that is gone counts as deleted; one that is still
 * under way is refused (20009) and can be deleted later.
 */
export async function deleteSms(twilio: TwilioClient, sid: string): Promise<void> {
  try {
    await asProviderError(() => twilio.sdk.messages(sid).remove())
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 404) throw error
  }
}

/** X-Twilio-Signature over the full public address and the sorted parameters of a form post. */
export function isTwilioSignatureValid(
  twilio: TwilioClient,
  signature: string | undefined,
  url: string,
  parameters: Record<string, string>,
): boolean {
  return signature !== undefined && validateRequest(twilio.config.authToken, signature, url, parameters)
}
