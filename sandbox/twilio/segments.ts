// How many parts an SMS is sent in: 160 characters of the GSM alphabet, or 70 as soon as one is outside it.
const gsm = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
    'abcdefghijklmnopqrstuvwxyzäöñüà',
)
const gsmDouble = new Set('^{}\\[~]|€')

export function segmentCount(body: string): number {
  let septets = 0
  for (const character of body) {
    if (gsm.has(character)) septets += 1
    else if (gsmDouble.has(character)) septets += 2
    else return body.length <= 70 ? 1 : Math.ceil(body.length / 67)
  }
  return septets <= 160 ? 1 : Math.ceil(septets / 153)
}

const cheaper: Record<string, string> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
  '\u00a0': ' ',
  '\u202f': ' ',
}

/** What smart encoding makes of characters that look alike in the GSM alphabet. */
export const smartEncoded = (body: string) =>
  body.replace(
    /[\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\u202f]/g,
    (found) => cheaper[found] ?? found,
  )
