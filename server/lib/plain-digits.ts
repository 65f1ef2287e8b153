// Digits of every script. NFKC makes the full-width and the mathematical ones plain, but leaves Arabic,
// Devanagari, Thai and the rest as they are.

/** The same text with every decimal digit as 0 to 9, and without what cannot be seen. */
export function plainDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
    .replace(/\p{Nd}/gu, (digit) => String(valueOf(digit)))
}

/**
 * Unicode keeps the ten digits of a script together, in order, and never lets two such rows touch unevenly.
 */
function valueOf(digit: string): number {
  let first = digit.codePointAt(0)!
  const point = first
  while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--
  return (point - first) % 10
}
