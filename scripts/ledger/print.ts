import { accounts, type BalanceRow, type EntryRow } from './read.ts'

/** 1334 is "13.34". */
export const dollars = (cents: number) =>
  `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`

const debit = (cents: number) => (cents > 0 ? dollars(cents) : '')
const credit = (cents: number) => (cents < 0 ? dollars(-cents) : '')
const sums = (rows: { cents: number }[]) =>
  [
    rows.reduce((sum, { cents }) => sum + Math.max(0, cents), 0),
    rows.reduce((sum, { cents }) => sum + Math.min(0, cents), 0),
  ] as const

export function balanceText(rows: BalanceRow[]): string {
  const [debits, credits] = sums(rows)
  return table(
    ['account', 'what it is', 'debit', 'credit'],
    [
      ...rows.map(({ account, host, cents }) => [
        account,
        host ? `owed to ${host}` : accounts[account],
        debit(cents) || (cents === 0 ? '0.00' : ''),
        credit(cents),
      ]),
      [
        'sum',
        debits + credits === 0 ? 'balanced' : `out of balance by ${dollars(debits + credits)}`,
        dollars(debits),
        dollars(-credits),
      ],
    ],
  )
}

export function entriesText(rows: EntryRow[]): string {
  let balance = 0
  return table(
    ['when (UTC)', 'posting', 'purchase', 'amount', 'balance'],
    rows.map((row) => {
      balance += row.cents
      return [row.at, row.kind, row.purchaseId, dollars(row.cents), dollars(balance)]
    }),
  )
}

/** Groups the entries of one posting, and names the posting once. */
export function postingsText(rows: EntryRow[]): string {
  return table(
    ['when (UTC)', 'posting', 'session', 'account', 'debit', 'credit'],
    rows.map((row, index) => {
      const isFirst = rows[index - 1]?.postingId !== row.postingId
      return [
        isFirst ? row.at : '',
        isFirst ? row.kind : '',
        isFirst ? (row.position?.toString() ?? '') : '',
        row.account,
        debit(row.cents),
        credit(row.cents),
      ]
    }),
  )
}

const amounts = new Set(['debit', 'credit', 'amount', 'balance'])

/** Columns as wide as their widest cell; amounts to the right. */
function table(heads: string[], rows: string[][]): string {
  const all = [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const write = (text: string, column: number) =>
    amounts.has(heads[column]!) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)
  return all.map((row) => `  ${row.map(write).join('  ')}`.trimEnd()).join('\n')
}
