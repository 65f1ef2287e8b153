// Comma-separated values (RFC 4180), with a guard against CSV injection.

/** Excel reads a file as UTF-8 only where it begins with this mark; without it, accents are broken. */
const byteOrderMark = '\ufeff'

export function csvFile(lines: readonly (readonly (string | null)[])[]): string {
  return byteOrderMark + lines.map(csvLine).join('')
}

/** One line. A text that begins like a formula gets an apostrophe, so that a spreadsheet shows it as text. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => quoted(cell ?? '')).join(',')}\r\n`
}

function quoted(text: string): string {
  // Spreadsheets skip blanks and marks that cannot be seen, and take full-width signs for plain ones.
  const begins = text.normalize('NFKC').replace(/^[\s\p{Cf}\p{Cc}]+/u, '')
  const isFormula = /^[=+\-@\u2212|%]/.test(begins) || /^[\t\r\n]/.test(text)
  const safe = isFormula && !/^-?[\d.]+$/.test(text) ? `'${text}` : text
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
