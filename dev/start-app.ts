// Starts the application once the database and the sandbox run, and says that everything is there.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../world/person.ts'
import { playSituations } from '../world/situations.ts'
import { banner } from './banner.ts'
import type { DataFolder } from './data-folder.ts'
import { openLog } from './log-file.ts'
import { type Context, type Database, partOf, type Sandbox } from './parts.ts'
import { freePort } from './ports.ts'
import { sandboxEnvironment } from './providers.ts'
import { answers } from './reachable.ts'
import { supervise } from './supervised.ts'

const operatorMobileNumber = '+61491578888'

export async function startApp(
  context: Context,
  database: Database,
  sandbox: Sandbox | undefined,
): Promise<void> {
  const { environment, settings, folder, parts, say, onLost, print, clockKey } = context
  const log = openLog(join(folder.logs, 'app.log'))
  // Until it is up, its stderr becomes the message of its refusal.
  let isUp = false
  const operators =
    environment['OPERATOR_MOBILE_NUMBERS'] ??
    (settings.standIns.includes('twilio') ? operatorMobileNumber : '')
  const startOn = async (port: number) => {
    const app = await supervise({
      name: 'The application',
      program: 'server/main.ts',
      say,
      onRefused: onLost,
      onLine: (line, stream) => {
        log(line)
        if (isUp && stream === 'err') context.onComplaint(line)
      },
      beforeRestart: database.up,
      isPassing: async () => !(await answers(database.url)),
      env: { ...env, PORT: String(port) },
    })
    parts.push(partOf('app', app))
    return app
  }
  const env = {
    ...environment,
    PUBLIC_URL: settings.publicUrl,
    DATABASE_URL: database.url,
    DATA_DIR: folder.path,
    AUTH_SECRET: environment['AUTH_SECRET'] || folder.secret('auth-secret'),
    OPERATOR_MOBILE_NUMBERS: operators,
    ...(sandbox && sandboxEnvironment(settings.standIns, sandbox.url, sandbox.keys)),
    ...(clockKey && { CLOCK: 'movable', CLOCK_KEY: clockKey }),
  }
  const app = await startOn(settings.port)
  // One after the other: the first has brought the database up to date.
  for (let others = context.processes - 1; others > 0; others--) await startOn(await freePort())
  isUp = true
  const url = settings.publicUrl
  if (context.hasSituations && sandbox && clockKey)
    await playOnce(
      folder,
      { url: `http://127.0.0.1:${app.port}`, sandboxUrl: sandbox.url, keys: sandbox.keys },
      say,
    )
  folder.announce({
    pid: process.pid,
    port: app.port,
    url,
    sandboxPort: sandbox?.port ?? null,
    sandboxUrl: sandbox?.url ?? null,
    databaseUrl: database.url,
    clockKey: clockKey ?? null,
  })
  print(
    banner({
      url,
      sandboxUrl: sandbox?.url,
      standIns: settings.standIns,
      operatorMobileNumbers: operators,
      dataPath: folder.path,
      databasePlace: database.place,
      seconds: performance.now() / 1000,
    }),
  )
}

/** Plays the first people once per DATA_DIR. A failure costs the demonstration, not the start. */
async function playOnce(folder: DataFolder, world: World, say: (line: string) => void): Promise<void> {
  const done = join(folder.path, 'situations-played')
  if (existsSync(done)) return
  say('Setting the scene: a few members at different steps of the journey.')
  try {
    await playSituations(world)
  } catch (error) {
    say(`Not everybody is there: ${error instanceof Error ? error.message : String(error)}`)
  }
  writeFileSync(done, '')
}
