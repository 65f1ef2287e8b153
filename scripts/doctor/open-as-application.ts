// The services and the database as `npm start` gives them to the application, for a script beside it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runningOn } from '../../dev/data-folder.ts'
import { sandboxEnvironment } from '../../dev/providers.ts'
import { readSettings } from '../../dev/settings.ts'
import { readConfig } from '../../server/config.ts'
import { readClock } from '../../server/db/clock.ts'
import { openDatabase } from '../../server/db/client.ts'
import { type Context, openContext } from '../../server/journey/context.ts'

export async function openAsApplication(): Promise<{ ctx: Context; close: () => Promise<void> }> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const config = readConfig(await environment())
  const db = openDatabase(config.databaseUrl, 4)
  await readClock(db)
  return { ctx: openContext(config, db), close: () => db.destroy() }
}

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
