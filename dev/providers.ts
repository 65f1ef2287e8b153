// Which of the five providers are real, and which the sandbox replaces. All keys of a provider connect it.
export const providerKeys = {
  stripe: ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET'],
  twilio: [
    'TWILIO_ACCOUNT_SID',
    'TWILIO_AUTH_TOKEN',
    'TWILIO_MESSAGING_SERVICE_SID',
    'TWILIO_VERIFY_SERVICE_SID',
  ],
  calcom: ['CALCOM_API_KEY', 'CALCOM_WEBHOOK_SECRET'],
  daily: ['DAILY_API_KEY', 'DAILY_WEBHOOK_SECRET'],
  airtable: ['AIRTABLE_ACCESS_TOKEN', 'AIRTABLE_BASE_ID'],
} as const

export type ProviderName = keyof typeof providerKeys
export type Environment = Record<string, string | undefined>

/** Where each provider is reached, given the sandbox's address. */
const addresses: Record<ProviderName, Record<string, string>> = {
  stripe: { STRIPE_API_URL: '', STRIPE_JS_URL: '/stripe.js' },
  twilio: { TWILIO_API_URL: '', TWILIO_VERIFY_URL: '', TWILIO_MESSAGING_URL: '' },
  calcom: { CALCOM_API_URL: '' },
  daily: { DAILY_API_URL: '' },
  airtable: { AIRTABLE_API_URL: '' },
}

const names = Object.keys(providerKeys) as ProviderName[]

/** The providers without keys, which the sandbox replaces, except in production. */
export function unsetProviders(environment: Environment): ProviderName[] {
  return names.filter((name) => providerKeys[name].every((key) => !environment[key]))
}

/** The missing keys of providers that have only some of theirs. */
export function halfSetProviders(environment: Environment): { name: ProviderName; missing: string[] }[] {
  return names
    .map((name) => ({ name, missing: providerKeys[name].filter((key) => !environment[key]) }))
    .filter(({ name, missing }) => missing.length > 0 && missing.length < providerKeys[name].length)
}

/** The keys and addresses that point the application at the sandbox for `standIns`. */
export function sandboxEnvironment(
  standIns: ProviderName[],
  sandboxUrl: string,
  sandboxKeys: Record<string, string>,
): Record<string, string> {
  const entries = standIns.flatMap((name) => [
    ...providerKeys[name].map((key) => [key, sandboxKeys[key] ?? ''] as const),
    ...Object.entries(addresses[name]).map(([key, path]) => [key, `${sandboxUrl}${path}`] as const),
  ])
  // Everybody comes from one address here.
  return { ...Object.fromEntries(entries), LIMIT_FACTOR: '1000' }
}

export function isEveryProvider(standIns: ProviderName[]): boolean {
  return standIns.length === names.length
}
