// The credentials every stand-in accepts, in the real services' formats.
import { randomBytes, randomInt } from 'node:crypto'
import type { ProviderName } from './provider.ts'
import type { Store } from './store.ts'

export type Keys = Record<string, string>

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const hex = (bytes: number) => randomBytes(bytes).toString('hex')
const text = (length: number) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

/** A fresh random set. */
export function makeKeys(): Keys {
  return {
    STRIPE_SECRET_KEY: `sk_test_51${text(97)}`,
    STRIPE_PUBLISHABLE_KEY: `pk_test_51${text(97)}`,
    STRIPE_WEBHOOK_SECRET: `whsec_${text(32)}`,
    TWILIO_ACCOUNT_SID: `AC${hex(16)}`,
    TWILIO_AUTH_TOKEN: hex(16),
    TWILIO_MESSAGING_SERVICE_SID: `MG${hex(16)}`,
    TWILIO_VERIFY_SERVICE_SID: `VA${hex(16)}`,
    CALCOM_API_KEY: `cal_live_${hex(16)}`,
    CALCOM_WEBHOOK_SECRET: text(40),
    DAILY_API_KEY: hex(32),
    DAILY_WEBHOOK_SECRET: randomBytes(32).toString('base64'),
    AIRTABLE_ACCESS_TOKEN: `pat${text(14)}.${hex(32)}`,
    AIRTABLE_BASE_ID: `app${text(14)}`,
  }
}

/** The keys of this store, made once. */
export function openKeys(store: Store): Keys {
  const kept = store.get<Keys>('core.keys', 'keys')
  if (kept) return kept
  const keys = makeKeys()
  store.put('core.keys', 'keys', keys)
  return keys
}

const secretNames: Partial<Record<ProviderName, string>> = {
  stripe: 'STRIPE_WEBHOOK_SECRET',
  twilio: 'TWILIO_AUTH_TOKEN',
  calcom: 'CALCOM_WEBHOOK_SECRET',
  daily: 'DAILY_WEBHOOK_SECRET',
}

/** The secret that signs a provider's webhooks; '' for Airtable, which keeps one for each webhook itself. */
export function webhookSecret(keys: Keys, provider: ProviderName): string {
  const name = secretNames[provider]
  return (name && keys[name]) ?? ''
}
