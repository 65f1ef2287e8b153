// npm run doctor: calls each service once with the given keys, harmlessly, and says what to mend.
// `--json` for machines. Exit status 1 where a line fails.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runningOn } from '../dev/data-folder.ts'
import { sandboxEnvironment } from '../dev/providers.ts'
import { readSettings } from '../dev/settings.ts'
import { readConfig } from '../server/config.ts'
import { readClock } from '../server/db/clock.ts'
import { openDatabase } from '../server/db/client.ts'
import { checkConnections } from '../server/journey/connections/check-connections.ts'
import { openContext } from '../server/journey/context.ts'
import { connectionTable } from './doctor/connection-table.ts'

if (existsSync('.env')) process.loadEnvFile('.env')
try {
  process.exitCode = await look(process.argv.includes('--json'))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function look(isForMachines: boolean): Promise<number> {
  const config = readConfig(await environment())
  const db = openDatabase(config.databaseUrl, 4)
  // What a service refuses stands in the table, and need not be said twice.
  console.warn = () => undefined
  try {
    await readClock(db)
    const lines = await checkConnections(openContext(config, db))
    console.log(isForMachines ? JSON.stringify(lines, null, 2) : connectionTable(lines))
    return lines.some(({ state }) => state === 'failing') ? 1 : 0
  } finally {
    await db.destroy()
  }
}

/** The environment as `npm start` gives it to the application. */
async function environment(): Promise<Record<string, string | undefined>> {
  const settings = readSettings(process.env)
  const running = runningOn(settings.dataDir)
  const databaseUrl = settings.databaseUrl ?? running?.databaseUrl
  if (!databaseUrl)
    throw new Error(
      'No Presence is running here. Start it with npm start, or set DATABASE_URL, and look again.',
    )
  if (settings.standIns.length > 0 && !running?.sandboxUrl)
    throw new Error(`${settings.standIns.join(', ')} have no keys, and no sandbox is running in their place.`)
  const keys = running?.sandboxUrl
    ? ((await (await fetch(`${running.sandboxUrl}/_sandbox/keys`)).json()) as Record<string, string>)
    : {}
  const secret = join(settings.dataDir, 'auth-secret')
  return {
    ...process.env,
    PUBLIC_URL: settings.publicUrl,
    DATABASE_URL: databaseUrl,
    AUTH_SECRET:
      process.env['AUTH_SECRET'] || (existsSync(secret) ? readFileSync(secret, 'utf8').trim() : ''),
    ...(running?.sandboxUrl ? sandboxEnvironment(settings.standIns, running.sandboxUrl, keys) : {}),
    ...(running?.clockKey ? { CLOCK: 'movable', CLOCK_KEY: running.clockKey } : {}),
  }
}
