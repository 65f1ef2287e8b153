// npm run ledger: the trial balance, or with `-- --account NAME`, `-- --booking ID` or `--
// --purchase ID` the postings of one. Always compares the ledger with Stripe's list of
// movements, and exits 1 where anything differs.
import { parseArgs } from 'node:util'
import { findBooks } from './ledger/books.ts'
import { compareWithStripe } from './ledger/compare.ts'
import { balanceText, entriesText, postingsText } from './ledger/print.ts'
import { accounts, readAccount, readPostings, trialBalance } from './ledger/read.ts'

const usage = `npm run ledger                      the trial balance, and every difference to Stripe
npm run ledger -- --account NAME     also every entry of one account (${Object.keys(accounts).join(', ')})
npm run ledger -- --booking ID       also every posting of a session's purchase; --purchase ID is the same
npm run ledger -- --without-stripe   without asking Stripe
npm run ledger -- --json             for machines`

try {
  process.exitCode = await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function run(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: {
      account: { type: 'string' },
      booking: { type: 'string' },
      purchase: { type: 'string' },
      json: { type: 'boolean', default: false },
      'without-stripe': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const books = await findBooks(process.env)
  try {
    const balance = await trialBalance(books.db)
    const sumCents = balance.reduce((sum, row) => sum + row.cents, 0)
    const entries = values.account ? await readAccount(books.db, values.account) : undefined
    const one = values.booking ?? values.purchase
    const postings = one ? await readPostings(books.db, one) : undefined
    const differences = values['without-stripe'] ? [] : await compareWithStripe(books)
    if (values.json)
      console.log(JSON.stringify({ balance, sumCents, entries, postings, differences }, null, 2))
    else {
      console.log(`Trial balance in AUD\n\n${balanceText(balance)}`)
      if (entries)
        console.log(
          `\n${values.account}: ${accounts[values.account as keyof typeof accounts]}\n\n${entriesText(entries)}`,
        )
      if (postings)
        console.log(
          `\nPostings of ${one}${values.booking ? ' and the rest of its purchase' : ''}\n\n${postingsText(postings)}`,
        )
      if (!values['without-stripe']) {
        const many = differences.length === 1 ? '1 difference' : `${differences.length} differences`
        console.log(
          differences.length === 0
            ? '\nThe ledger agrees with Stripe to the cent.'
            : `\n${many} to Stripe:\n`,
        )
        for (const difference of differences) console.log(`  ${difference}`)
      }
    }
    return sumCents === 0 && differences.length === 0 ? 0 : 1
  } finally {
    await books.close()
  }
}
