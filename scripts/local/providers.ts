// Which of the five providers are real and which the sandbox stands in for. A provider is connected by all its keys.
export const providerKeys = {
  stripe: ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET'],
  twilio: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_MESSAGING_SERVICE_SID', 'TWILIO_VERIFY_SERVICE_SID'],
  calcom: ['CALCOM_API_KEY', 'CALCOM_WEBHOOK_SECRET'],
  daily: ['DAILY_API_KEY', 'DAILY_WEBHOOK_SECRET'],
  airtable: ['AIRTABLE_ACCESS_TOKEN', 'AIRTABLE_BASE_ID'],
} as const

export type ProviderName = keyof typeof providerKeys
export type Environment = Record<string, string | undefined>

/** Where each provider is reached, given the sandbox's address. */
const addresses: Record<ProviderName, Record<string, string>> = {
  stripe: { STRIPE_API_URL: '', STRIPE_JS_URL: '/stripe.js' },
  twilio: { TWILIO_API_URL: '', TWILIO_VERIFY_URL: '' },
  calcom: { CALCOM_API_URL: '' },
  daily: { DAILY_API_URL: '' },
  airtable: { AIRTABLE_API_URL: '' },
}

const names = Object.keys(providerKeys) as ProviderName[]

/**
 * The providers whose keys are not set: the sandbox stands in for them. Throws where a provider has some keys but not
 * all, and in production where anything is missing, naming every missing variable.
 */
export function providersToStandInFor(environment: Environment): ProviderName[] {
  const missing = (name: ProviderName) => providerKeys[name].filter((key) => !environment[key])
  const isUnset = (name: ProviderName) => missing(name).length === providerKeys[name].length
  const isProduction = environment['NODE_ENV'] === 'production'
  const incomplete = names.filter((name) => missing(name).length > 0 && (isProduction || !isUnset(name)))
  if (incomplete.length > 0) {
    throw new Error([
      isProduction ? 'Production needs every provider, and these keys are not set:' : 'These providers have some of their keys, but not all:',
      ...incomplete.map((name) => `  ${name}: ${missing(name).join(', ')} not set`),
      isProduction ? 'Set them in the environment.' : 'Set the missing ones (in the environment or in .env), or none of that provider to use the sandbox.',
    ].join('\n'))
  }
  return names.filter(isUnset)
}

/** The keys and addresses that point the application at the sandbox for `standIns`. */
export function sandboxEnvironment(standIns: ProviderName[], sandboxUrl: string, sandboxKeys: Record<string, string>): Record<string, string> {
  const entries = standIns.flatMap((name) => [
    ...providerKeys[name].map((key) => [key, sandboxKeys[key] ?? ''] as const),
    ...Object.entries(addresses[name]).map(([key, path]) => [key, `${sandboxUrl}${path}`] as const),
  ])
  return Object.fromEntries(entries)
}

export function isEveryProvider(standIns: ProviderName[]): boolean {
  return standIns.length === names.length
}
