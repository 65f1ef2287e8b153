// npm run doctor: calls each service once with the given keys, harmlessly, and says what to mend.
// `--json` for machines. Exit status 1 where a line fails.
import { checkConnections } from '../server/journey/connections/check-connections.ts'
import { connectionTable } from './doctor/connection-table.ts'
import { openAsApplication } from './doctor/open-as-application.ts'

try {
  process.exitCode = await look(process.argv.includes('--json'))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function look(isForMachines: boolean): Promise<number> {
  const { ctx, close } = await openAsApplication()
  // What a service refuses stands in the table, and need not be said twice.
  console.warn = () => undefined
  try {
    const lines = await checkConnections(ctx)
    console.log(isForMachines ? JSON.stringify(lines, null, 2) : connectionTable(lines))
    return lines.some(({ state }) => state === 'failing') ? 1 : 0
  } finally {
    await close()
  }
}
