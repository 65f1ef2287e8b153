// The server's own integrations, configured for a sandbox as the server would be.
import { sandboxEnvironment, providerKeys, type ProviderName } from '../../../dev/providers.ts'
import type { Outside } from '../use/world.ts'
import { readConfig } from '../../../server/config.ts'
import { openAirtable } from '../../../server/integrations/airtable-call.ts'
import { openStripe } from '../../../server/integrations/stripe.ts'
import { openTwilio } from '../../../server/integrations/twilio.ts'

export function ourClients({ url, keys }: { url: string; keys: Record<string, string> }) {
  const config = readConfig({
    DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
    AUTH_SECRET: 'x'.repeat(32),
    PUBLIC_URL: 'http://localhost:3000',
    ...sandboxEnvironment(Object.keys(providerKeys) as ProviderName[], url, keys),
  })
  return {
    stripe: openStripe(config.stripe),
    twilio: openTwilio(config.twilio),
    calcom: config.calcom,
    daily: config.daily,
    airtable: openAirtable(config.airtable),
  }
}

type OurClients = ReturnType<typeof ourClients>

/** What each of the calls is given. */
export type Ours = { clients: OurClients; outside: Outside; at: (ms: number) => Promise<Date> }
