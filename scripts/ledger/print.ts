/** 1334 is "13.34". */
export const dollars = (cents: number) => `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`

/** Columns as wide as their widest cell; the last one, an amount, to the right. */
export function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const last = widths.length - 1
  return rows.map((row) => `  ${row.map((cell, column) => (column === last ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ')}`).join('\n')
}
