// A keyed fingerprint of a number or an address: it says that two are the same, and not what they are.
import { createHmac } from 'node:crypto'

export function fingerprintOf(secret: string, text: string): string {
  const key = createHmac('sha256', secret).update('presence:fingerprint:1').digest()
  return createHmac('sha256', key).update(text).digest('base64url')
}
