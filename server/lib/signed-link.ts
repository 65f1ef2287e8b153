// Signed links in SMS let their holder manage one booking without signing in. A link holds the booking, the
// role and a signature that only this installation can make. It names nobody, and is valid for exactly one
// person of that booking.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { isId } from './ids.ts'

export type LinkRole = 'member' | 'host'
export type Link = { bookingId: string; role: LinkRole; signature: Buffer }

const signatureBytes = 15
const roles: LinkRole[] = ['member', 'host']

/** The token for the person who has `role` in the booking now. */
export function signLink(
  secret: string,
  link: { bookingId: string; role: LinkRole; personId: string },
): string {
  const body = Buffer.concat([
    Buffer.from([roles.indexOf(link.role)]),
    Buffer.from(link.bookingId.replaceAll('-', ''), 'hex'),
  ])
  return Buffer.concat([body, signatureOf(secret, link)]).toString('base64url')
}

/** The unverified content of a token; undefined where it is malformed. */
export function readLink(token: string): Link | undefined {
  const bytes = Buffer.from(token, 'base64url')
  const role = roles[bytes[0] ?? 255]
  if (bytes.length !== 17 + signatureBytes || !role || bytes.toString('base64url') !== token) return undefined
  const hex = bytes.subarray(1, 17).toString('hex')
  const bookingId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return isId(bookingId) ? { bookingId, role, signature: bytes.subarray(17) } : undefined
}

/** Whether the link was signed here for this person. */
export function isLinkFor(secret: string, link: Link, personId: string): boolean {
  return timingSafeEqual(link.signature, signatureOf(secret, { ...link, personId }))
}

function signatureOf(secret: string, link: { bookingId: string; role: LinkRole; personId: string }): Buffer {
  const key = createHmac('sha256', secret).update('presence:manage-link:1').digest()
  return createHmac('sha256', key)
    .update(`${link.role}:${link.bookingId}:${link.personId}`)
    .digest()
    .subarray(0, signatureBytes)
}
