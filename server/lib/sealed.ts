// Credentials of others, encrypted where they are stored: AES-256-GCM with a key derived from AUTH_SECRET.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const keyOf = (secret: string) =>
  Buffer.from(hkdfSync('sha256', secret, 'presence', 'sealed credentials v1', 32))

/** `about` is bound to it: a sealed text that is copied to another row cannot be opened there. */
export function seal(secret: string, about: string, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
}

/** Undefined where it was sealed with another secret, about something else, or was changed. */
export function unseal(secret: string, about: string, sealed: string): string | undefined {
  const [version, encoded = ''] = sealed.split('.')
  const bytes = Buffer.from(encoded, 'base64url')
  if (version !== 'v1' || bytes.length < 28) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12), {
      authTagLength: 16,
    })
    decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** A secret of one purpose and owner, the same for as long as AUTH_SECRET is. */
export function derivedSecret(secret: string, about: string): string {
  return createHmac('sha256', keyOf(secret)).update(about).digest('hex')
}
