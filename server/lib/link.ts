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
  const written = plain.split(/\s/).map(writtenLink).find(Boolean)
  const [found] = links.match(plain) ?? []
  return written ?? found?.raw ?? /\+?\p{Nd}(?:[\s().\-/\p{Pd}]*\p{Nd}){5,}/u.exec(plain)?.[0]
}

/** What is meant as a link whatever it leads to: `scheme://...` or `www....` in one word. */
function writtenLink(word: string): string | undefined {
  const at = word.indexOf('://')
  let start = at
  while (start > 0 && /[a-z\d+-]/i.test(word[start - 1]!)) start--
  while (start < at && !/[a-z]/i.test(word[start]!)) start++
  if (start < at && word.length > at + 3) return word.slice(start)
  const www = word.toLowerCase().indexOf('www.')
  const isOwnWord = www === 0 || (www > 0 && !/\w/.test(word[www - 1]!))
  return isOwnWord && word.length > www + 4 ? word.slice(www) : undefined
}
