// Twilio's account, its Verify service and its messaging service, as they are set up there.
import { ProviderError } from '../lib/errors.ts'
import { statusIsAmbiguous } from './provider-error.ts'
import type { TwilioClient } from './twilio.ts'

async function asked<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    const { status, code, message } = error as { status?: number; code?: number; message: string }
    throw new ProviderError('twilio', message, {
      ambiguous: statusIsAmbiguous(status),
      status,
      code: code === undefined ? undefined : String(code),
      cause: error,
    })
  }
}

export type TwilioStanding = { status: string; isTrial: boolean }

export async function fetchStanding({ sdk, config }: TwilioClient): Promise<TwilioStanding> {
  const account = await asked(() => sdk.api.v2010.accounts(config.accountSid).fetch())
  return { status: account.status, isTrial: account.type === 'Trial' }
}

/** How many digits the Verify service sends. */
export async function fetchCodeLength({ sdk, config }: TwilioClient): Promise<number> {
  return (await asked(() => sdk.verify.v2.services(config.verifyServiceSid).fetch())).codeLength
}

export type MessagingFacts = {
  inboundUrl: string | null
  inboundMethod: string | null
  /** Numbers can be answered; names cannot (https://www.twilio.com/docs/glossary/what-alphanumeric-sender-id). */
  numbers: number
  names: number
}

export async function fetchMessagingService({ sdk, config }: TwilioClient): Promise<MessagingFacts> {
  const service = sdk.messaging.v1.services(config.messagingServiceSid)
  const found = await asked(() => service.fetch())
  const numbers = await asked(() => service.phoneNumbers.list({ limit: 20 }))
  const names = await asked(() => service.alphaSenders.list({ limit: 20 }))
  return {
    inboundUrl: found.inboundRequestUrl,
    inboundMethod: found.inboundMethod,
    numbers: numbers.length,
    names: names.length,
  }
}
