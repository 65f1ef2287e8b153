// SMS text that costs no more segments than it must: one character outside GSM-7 more than halves the room.

const plain: Record<string, string> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201b': "'",
  '\u2032': "'",
  '\u02bc': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u201f': '"',
  '\u2033': '"',
  '\u00ab': '"',
  '\u00bb': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u2026': '...',
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
}
const typographic = new RegExp(`[${Object.keys(plain).join('')}]`, 'g')

/** Composed letters (NFC), with plain quotes, dashes and blanks. Emoji and other scripts stay. */
export function plainText(text: string): string {
  return text.normalize('NFC').replace(typographic, (found) => plain[found] ?? found)
}

/**
 * The same text as another service may have stored it: its smart encoding also leaves out or replaces
 * accents, and blanks vary.
 */
export function isSameText(stored: string, sent: string): boolean {
  const bare = (text: string) =>
    plainText(text).normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/\s+/g, ' ').trim()
  return bare(stored) === bare(sent)
}
