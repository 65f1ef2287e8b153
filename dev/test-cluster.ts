// A PostgreSQL server for one run of the tests or of a script, in a folder that is
// removed afterwards, also after a crash.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, type ClusterPlace, initialise, startCluster } from './cluster.ts'
import { postgresBinaries } from './postgres-binaries.ts'
import { stopOrphan } from './postmaster.ts'
import { isAlive, markOf, type ProcessMark } from './process-mark.ts'
import { databaseIdentity } from './unprivileged.ts'

const prefix = 'presence-test-'
const ownerFile = 'owner.json'

/** Starts a fresh cluster, which a crash may lose; `stop` removes it whole. */
export async function startTestCluster(): Promise<Cluster> {
  await removeLeftovers()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  writeFileSync(join(folder, ownerFile), JSON.stringify(markOf(process.pid)))
  const identity = databaseIdentity()
  const place: ClusterPlace = {
    identity,
    binaries: postgresBinaries(identity),
    dataDirectory: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    durable: false,
  }
  if (identity) chmodSync(folder, 0o711)
  const cluster = await startCluster(place, await initialise(place))
  return {
    ...cluster,
    stop: async () => {
      await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Removes what earlier runs left behind when they were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    const owner = ownerOf(folder)
    if (!owner || isAlive(owner)) continue
    await stopOrphan(join(folder, 'postgres'))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Undefined where the folder belongs to another account, or is being made at this moment. */
function ownerOf(folder: string): ProcessMark | undefined {
  const file = join(folder, ownerFile)
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProcessMark) : undefined
  } catch {
    return undefined
  }
}
