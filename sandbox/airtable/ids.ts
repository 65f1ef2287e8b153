// Airtable ids: a three-letter prefix and fourteen letters or digits.
import { createHash, randomInt } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export type IdPrefix = 'rec' | 'tbl' | 'fld' | 'sel' | 'viw' | 'att' | 'ach' | 'usr' | 'itr'

export function newId(prefix: IdPrefix): string {
  return prefix + Array.from({ length: 14 }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** Derives the id from the name, so that seeded rows have the same id on every machine. */
export function stableId(prefix: IdPrefix, name: string): string {
  const digest = createHash('sha256').update(name).digest()
  return (
    prefix + Array.from({ length: 14 }, (_, index) => alphabet[digest[index]! % alphabet.length]).join('')
  )
}
