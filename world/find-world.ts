// The Presence that a script works with: the one running on DATA_DIR, or one started for this script.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runningOn } from '../dev/data-folder.ts'
import { launch } from '../dev/launch.ts'
import { freePort } from '../dev/ports.ts'
import type { World } from './person.ts'

export type FoundWorld = World & { isOwn: boolean; dataDir: string; close: () => Promise<void> }

/** `say` tells a person what the script is waiting for. */
export async function findWorld(say: (line: string) => void): Promise<FoundWorld> {
  const dataDir = process.env['DATA_DIR'] ?? './data'
  const running = runningOn(dataDir)
  if (running?.sandboxUrl && (await isAlive(running.url))) {
    say(`with the Presence that runs at ${running.url}`)
    return {
      ...(await worldAt(running.url, running.sandboxUrl)),
      isOwn: false,
      dataDir,
      close: async () => undefined,
    }
  }
  say('with a Presence of its own, since none with a sandbox is running')
  return { ...(await ownWorld(say)), isOwn: true }
}

export type OwnWorld = World & {
  dataDir: string
  databaseUrl: string
  /** Where each process of its application listens; `url` is the first. */
  urls: string[]
  applicationPids: () => number[]
  databasePid: () => number | undefined
  close: () => Promise<void>
}

/**
 * Starts a Presence on its own ports and folder until `close`. `onComplaint` gets its application's stderr.
 */
export async function ownWorld(
  say: (line: string) => void,
  onComplaint?: (line: string) => void,
  processes = 1,
): Promise<OwnWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'presence-'))
  const [port, sandboxPort] = [await freePort(), await freePort()]
  const presence = launch(
    {
      ...withoutProviderKeys(process.env),
      DATA_DIR: dataDir,
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      PUBLIC_URL: undefined,
      DATABASE_URL: undefined,
    },
    () => undefined,
    (error) => say(error.message),
    { print: () => undefined, processes, ...(onComplaint ? { onComplaint } : {}) },
  )
  const close = async () => {
    await presence.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  await presence.started.catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    ...(await worldAt(`http://localhost:${port}`, `http://localhost:${sandboxPort}`)),
    dataDir,
    databaseUrl: runningOn(dataDir)!.databaseUrl,
    urls: presence.applicationUrls(),
    applicationPids: presence.applicationPids,
    databasePid: presence.databasePid,
    close,
  }
}

async function worldAt(url: string, sandboxUrl: string): Promise<World> {
  const keys = (await (await fetch(`${sandboxUrl}/_sandbox/keys`)).json()) as Record<string, string>
  return { url, sandboxUrl, keys }
}

async function isAlive(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`, { signal: AbortSignal.timeout(3_000) }).then(
    (answer) => answer.ok,
    () => false,
  )
}

function withoutProviderKeys(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(STRIPE|TWILIO|CALCOM|DAILY|AIRTABLE)_/.test(name)),
  )
}
