import { createHash, randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `length` random letters and digits; slightly biased, which an id may be. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('')
}

/** An id as Stripe makes them: `ch_1` + 23 characters. */
export const newId = (prefix: string, length = 24): string => `${prefix}_1${randomText(length - 1)}`

/** Checkout's ids are as long as the real ones, so that a column that is too short is noticed. */
export const newSessionId = (): string => `cs_test_a1${randomText(56)}`

/** The same letters and digits for the same `name`, where an id must outlive a restart. */
export const stableSuffix = (name: string, length: number): string =>
  createHash('sha256').update(name).digest('hex').slice(0, length)
