// npm run accounts: whose the stored ids are, and whose the keys are. `-- --adopt` lets the keys' accounts
// take over.
import { adoptAccounts } from '../server/journey/connections/adopt-accounts.ts'
import { recordAccounts } from '../server/journey/connections/record-accounts.ts'
import { openAsApplication } from './doctor/open-as-application.ts'

try {
  const { ctx, close } = await openAsApplication()
  try {
    if (process.argv.includes('--adopt')) {
      const adopted = await adoptAccounts(ctx)
      console.log(
        adopted.length > 0
          ? `Adopted: ${adopted.join(', ')}. Start Presence again.`
          : 'Nothing to adopt: the stored ids are those of the keys.',
      )
    } else {
      const exchanged = await recordAccounts(ctx)
      for (const { provider, kept, found } of exchanged)
        console.log(`${provider}: the ids belong to ${kept}, the keys to ${found}.`)
      if (exchanged.length === 0) console.log('The stored ids are those of the keys.')
      process.exitCode = exchanged.length > 0 ? 1 : 0
    }
  } finally {
    await close()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
