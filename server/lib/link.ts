// What phones make links of when they show a text message.
import { LinkifyIt } from 'linkify-it'
import tlds from 'tlds' with { type: 'json' }

const links = new LinkifyIt({ fuzzyLink: true, fuzzyIP: true, tlds })

/**
 * The first address, e-mail address or telephone number in a text, as phones find them; undefined where none
 * is.
 */
export function firstLink(text: string): string | undefined {
  // Phones read full-width letters and the dots of other scripts as plain ones.
  const plain = text
    .normalize('NFKC')
    .replace(/[。｡․]/g, '.')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  const written = /\b(?:www\.|[a-z][a-z\d+-]*:\/\/)\S+/i.exec(plain)?.[0]
  const [found] = links.match(plain) ?? []
  return written ?? found?.raw ?? /\+?\p{Nd}(?:[\s().\-/\p{Pd}]*\p{Nd}){5,}/u.exec(plain)?.[0]
}
