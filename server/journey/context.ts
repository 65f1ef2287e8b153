// What every verb is given: the database and the five services, opened once in main.ts.
import type { Config } from '../config.ts'
import type { Db } from '../db/client.ts'
import type { AirtableClient } from '../integrations/airtable-call.ts'
import type { CalcomClient } from '../integrations/calcom.ts'
import type { DailyClient } from '../integrations/daily.ts'
import type { StripeClient } from '../integrations/stripe.ts'
import type { TwilioClient } from '../integrations/twilio.ts'

export type Context = {
  config: Config
  db: Db
  stripe: StripeClient
  twilio: TwilioClient
  calcom: CalcomClient
  daily: DailyClient
  airtable: AirtableClient
}
