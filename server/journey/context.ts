// Every verb gets a context: the configuration, the database and the five services.
import { adaptiveRate } from '../calls/adaptive-rate.ts'
import { waitForRate } from '../calls/leaky-bucket.ts'
import { withPermit } from '../calls/semaphore.ts'
import { allowCall } from '../calls/sliding-window.ts'
import type { Config } from '../config.ts'
import { openBaseIdStore } from '../db/base-ids.ts'
import type { Db } from '../db/client.ts'
import {
  type AirtableClient,
  airtableSemaphore,
  openAirtable,
  refusedForMs,
} from '../integrations/airtable-call.ts'
import { type CalcomClient, callsPerMinute } from '../integrations/calcom.ts'
import { type DailyClient, dailyLimits } from '../integrations/daily.ts'
import { hearFailures } from '../integrations/failure-log.ts'
import { openStripe, type StripeClient } from '../integrations/stripe.ts'
import { openTwilio, type TwilioClient } from '../integrations/twilio.ts'
import { tellOperators } from './our-faults.ts'

export type Context = {
  config: Config
  db: Db
  stripe: StripeClient
  twilio: TwilioClient
  calcom: CalcomClient
  daily: DailyClient
  airtable: AirtableClient
}

/** The five services for one process; the database shares their rate limits. Makes no call. */
export function openContext(config: Config, db: Db): Context {
  hearFailures(tellOperators(db))
  return {
    config,
    db,
    stripe: openStripe(config.stripe),
    twilio: openTwilio(config.twilio, adaptiveRate(db, 'twilio_sms')),
    calcom: { ...config.calcom, allowCall: (kind) => allowCall(db, 'calcom', callsPerMinute[kind]) },
    daily: { ...config.daily, waitForRate: (urgency) => waitForRate(db, dailyLimits[urgency]) },
    airtable: openAirtable(config.airtable, {
      idStore: openBaseIdStore(db, config.airtable.baseId),
      withPermit: (call) => withPermit(db, airtableSemaphore, call, refusedForMs),
    }),
  }
}
