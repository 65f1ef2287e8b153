// npm run ledger: the trial balance; `-- --account NAME`, `-- --booking ID` or `-- --purchase ID` for the postings of
// one; and always the ledger against Stripe's own list of movements. Exit 1 where anything differs.
import { parseArgs } from 'node:util'
import { findBooks } from './ledger/books.ts'
import { compareWithStripe } from './ledger/compare.ts'
import { dollars, table } from './ledger/print.ts'
import { readAccount, readPostings, trialBalance } from './ledger/read.ts'

const { values } = parseArgs({
  options: {
    account: { type: 'string' },
    booking: { type: 'string' },
    purchase: { type: 'string' },
    json: { type: 'boolean', default: false },
    'without-stripe': { type: 'boolean', default: false },
  },
})

const books = await findBooks(process.env)
try {
  const balance = await trialBalance(books.db)
  const sumCents = balance.reduce((sum, row) => sum + row.cents, 0)
  const entries = values.account ? await readAccount(books.db, values.account) : undefined
  const one = values.booking ?? values.purchase
  const postings = one ? await readPostings(books.db, one) : undefined
  const differences = values['without-stripe'] ? [] : await compareWithStripe(books)
  if (values.json) console.log(JSON.stringify({ balance, sumCents, entries, postings, differences }, null, 2))
  else {
    console.log('Trial balance (debits positive)\n')
    console.log(table([['account', 'host', 'balance'], ...balance.map((row) => [row.account, row.host ?? '', dollars(row.cents)]), ['sum', '', dollars(sumCents)]]))
    if (entries) console.log(`\nAccount ${values.account}\n\n${table([['when', 'posting', 'purchase', 'amount'], ...entries.map((row) => [row.at, row.kind, row.purchaseId, dollars(row.cents)])])}`)
    if (postings) console.log(`\nPostings of ${one}\n\n${table([['when', 'posting', 'account', 'amount'], ...postings.map((row) => [row.at, row.kind, row.account, dollars(row.cents)])])}`)
    if (!values['without-stripe']) {
      console.log(differences.length === 0 ? '\nThe ledger agrees with Stripe to the cent.' : `\n${differences.length} differences to Stripe:\n`)
      for (const difference of differences) console.log(`  ${difference}`)
    }
  }
  process.exitCode = sumCents === 0 && differences.length === 0 ? 0 : 1
} finally {
  await books.close()
}
