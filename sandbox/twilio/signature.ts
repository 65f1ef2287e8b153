// X-Twilio-Signature: base64 HMAC-SHA1 over the full address and every form parameter, sorted by name.
import { createHmac } from 'node:crypto'

export function twilioSignature(authToken: string, url: string, params: Record<string, string>): string {
  const signed = Object.keys(params)
    .sort()
    .reduce((text, name) => text + name + params[name], url)
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64')
}
