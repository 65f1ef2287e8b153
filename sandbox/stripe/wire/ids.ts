import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `length` random letters and digits, each equally likely enough for an id that nobody has to guess. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('')
}

/** An id as Stripe makes them: `ch_1` + 23 characters. */
export const newId = (prefix: string, length = 24): string => `${prefix}_1${randomText(length - 1)}`

/** Checkout's ids carry the mode and are long, so columns that are too short show themselves. */
export const newSessionId = (): string => `cs_test_a1${randomText(56)}`
