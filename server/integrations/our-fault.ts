// Which refusals are about us: keys, rights and settings that an operator can mend, and no person's fault.
// From the services' lists of errors; each has one cause and one sentence that says what to do.
import type { ProviderError } from '../lib/errors.ts'
import type { Failure } from './failure-log.ts'

export type OurFault = {
  /** One task waits for each provider and cause. */
  cause: string
  /** A whole sentence for the operators: what is wrong, and what to do. */
  sentence: string
}

type Said = Pick<Failure, 'provider' | 'operation' | 'status' | 'code' | 'message'>

/** Undefined where the refusal is about the request, the person or the moment. */
export function ourFault(said: Said): OurFault | undefined {
  switch (said.provider) {
    case 'stripe':
      return stripeFault(said)
    case 'twilio':
      return twilioFault(said)
    case 'airtable':
      return airtableFault(said)
    case 'calcom':
      return calcomFault(said)
    case 'daily':
      return dailyFault(said)
    default:
      return undefined
  }
}

export function isAboutUs(error: ProviderError): boolean {
  return ourFault({ operation: '', ...pick(error) }) !== undefined
}

const pick = ({ provider, status, code, message }: ProviderError) => ({ provider, status, code, message })

/** What a person reads who is not at fault. */
export const notJustNow = 'This is not possible just now. We have been told, and are looking into it.'

/** The sentence for a person: `otherwise` where trying again may help, or that we have been told. */
export function sentenceFor(error: ProviderError, otherwise: string): string {
  return isAboutUs(error) ? notJustNow : otherwise
}

const fault = (cause: string, sentence: string): OurFault => ({ cause, sentence })

function stripeFault({ status, code, message, operation }: Said): OurFault | undefined {
  if (status === 401 || code?.endsWith('api_key_expired'))
    return fault(
      'credentials',
      'Stripe refuses STRIPE_SECRET_KEY. Copy the key again from Developers, API keys, and start Presence with it.',
    )
  if (code === 'livemode_mismatch' || code === 'testmode_charges_only')
    return fault(
      'mode',
      'Stripe takes no live payments for this account yet. Finish its activation in the dashboard.',
    )
  // An account that was closed, or belongs to another platform: about that host, not about the key.
  if (status === 403 && code !== 'account_invalid') {
    const right = /rak_\w+/.exec(message)?.[0]
    return fault(
      `rights:${right ?? operation}`,
      `Stripe refuses ${right ? `the right ${right}` : operation || 'a call'} to the key. ` +
        'Give the restricted key this permission in Developers, API keys.',
    )
  }
  if (status !== 400) return undefined
  if (/platform.profile|responsibilities of managing losses/i.test(message))
    return fault(
      'platform_profile',
      'Stripe makes no host accounts before the platform profile is filled in. Open Settings, Connect, Platform profile.',
    )
  if (/signed up for connect/i.test(message))
    return fault('connect', 'Connect is not switched on at Stripe. Open Connect in the dashboard and begin.')
  if (message.includes('needs approval'))
    return fault(
      'approval',
      'Stripe wants to approve accounts that only receive transfers. Ask its support, or request card_payments too.',
    )
  return undefined
}

const twilioFaults: Record<string, OurFault> = {
  '20003': fault(
    'credentials',
    'Twilio refuses TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Copy both again from the console.',
  ),
  '20005': fault('account', "Twilio's account is closed or suspended. Open the console and see why."),
  '20008': fault('credentials', 'Twilio has test credentials from us. Use the live ones of the account.'),
  '20404': fault(
    'service',
    'Twilio does not know the service. Compare TWILIO_VERIFY_SERVICE_SID and TWILIO_MESSAGING_SERVICE_SID.',
  ),
  '21408': fault(
    'geo_permission',
    'Twilio sends no messages to a country. Switch it on in Messaging, Settings, Geo permissions.',
  ),
  '21608': fault('trial', "Twilio's account is a trial and reaches verified numbers only. Upgrade it."),
  '21609': fault(
    'callback',
    'Twilio cannot reach the address for delivery reports. Set PUBLIC_URL to a public https address.',
  ),
  '21703': fault('sender', 'The messaging service has no sender. Add a number or a sender name to it.'),
  '21705': fault('service', 'Twilio does not know TWILIO_MESSAGING_SERVICE_SID. Copy it again.'),
  '30002': fault('account', "Twilio's account is suspended. Open the console and see why."),
  '60223': fault('channel', 'The Verify service has SMS switched off. Switch it on in Verify, Services.'),
  '60238': fault('fraud_guard', "Twilio's Fraud Guard blocks codes. Look at Verify, Fraud Guard."),
  '60410': fault('fraud_guard', "Twilio's Fraud Guard blocks codes. Look at Verify, Fraud Guard."),
  '60605': fault(
    'verify_country',
    'Twilio sends no codes to a country. Switch it on in Verify, Settings, Geo permissions.',
  ),
  '63038': fault('daily_limit', "Twilio's daily limit of messages is used up. Ask for a higher one."),
}

function twilioFault({ status, code, operation }: Said): OurFault | undefined {
  // A code that is used up or too old has the same refusal as a service that does not exist.
  if (operation.includes('VerificationCheck') && status === 404) return undefined
  return twilioFaults[code ?? ''] ?? (status === 401 ? twilioFaults['20003'] : undefined)
}

function calcomFault({ status, operation }: Said): OurFault | undefined {
  if (status === 401)
    return fault(
      'credentials',
      'Cal.com refuses the key. Make a new one in Settings, Developer, API keys; a key may have an end date.',
    )
  if (status === 403)
    return fault(
      `rights:${operation}`,
      `Cal.com refuses ${operation || 'a call'} to the key. It must be the host's own, or an administrator's of their team.`,
    )
  return undefined
}

function dailyFault({ status, code }: Said): OurFault | undefined {
  if (status === 401 || code === 'authorization-header-error')
    return fault('credentials', 'Daily refuses DAILY_API_KEY. Copy it again from Developers.')
  if (status === 402)
    return fault('payment', 'Daily wants a payment card on the account. Add one in Billing.')
  if (status === 403)
    return fault('rights', 'Daily refuses a call to the key. Use a key of the domain itself.')
  return undefined
}

function airtableFault({ status, code, message, operation }: Said): OurFault | undefined {
  if (status === 401)
    return fault('credentials', 'Airtable refuses AIRTABLE_ACCESS_TOKEN. Make a new token and set it.')
  if (code === 'PUBLIC_API_BILLING_LIMIT_EXCEEDED')
    return fault(
      'monthly_limit',
      "Airtable's calls of this month are used up. Choose a larger plan; what waits is written when they begin again.",
    )
  if (/record limit|records? per base/i.test(message) || code === 'RECORD_LIMIT_EXCEEDED')
    return fault('base_full', 'The Airtable base is full. Delete old rows, or choose a larger plan.')
  if (status === 403)
    return fault(
      `rights:${operation}`,
      `Airtable refuses ${operation || 'a call'} to the token. Give it this base and the scopes of docs/accounts.md.`,
    )
  if (status === 404 && operation.includes('/meta/bases'))
    return fault('base', 'Airtable does not know AIRTABLE_BASE_ID. Copy it from the address of the base.')
  return undefined
}
