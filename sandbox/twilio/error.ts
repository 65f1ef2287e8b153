// Twilio's error body: a code of its own, a sentence, a page about it, and the HTTP status again.
import type { ProviderAnswer } from '../core/provider.ts'

export function twilioError(status: number, code: number, message: string): ProviderAnswer {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } }
}

export const noSuchResource = (path: string) =>
  twilioError(404, 20404, `The requested resource ${path} was not found`)
