// The PostgreSQL of one DATA_DIR: where it lives, and how it is kept running.
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Cluster, type ClusterPlace, initialise, startCluster } from './cluster.ts'
import { type DataFolder, writeWhole } from './data-folder.ts'
import { outsideFolder, postgresBinaries } from './postgres-binaries.ts'
import { databaseIdentity, type Identity, mayUse } from './unprivileged.ts'

export type LocalDatabase = {
  url: string
  /** Its data directory. */
  path: string
  pid: () => number
  /** Settles when the server accepts connections; at once unless it has just been lost. */
  up: () => Promise<void>
  stop: () => Promise<void>
}

export type LocalDatabaseOptions = {
  say: (line: string) => void
  /** Called when it was lost and could not be started again. */
  onGivenUp: (error: Error) => void
}

type PlaceRecord = { dataDirectory: string; password: string }

const database = 'presence'
const majorVersion = '18'

/** Starts the PostgreSQL of `folder`, creates it on first use, and restarts it when it dies. */
export async function startLocalDatabase(
  folder: DataFolder,
  options: LocalDatabaseOptions,
): Promise<LocalDatabase> {
  const { place, password } = await findPlace(folder)
  let cluster = await startCluster(place, password)
  await createDatabase(cluster)
  let isStopping = false
  let up: Promise<void> = Promise.resolve()

  const watch = () =>
    void cluster.gone.then(() => {
      if (isStopping) return
      options.say('PostgreSQL ended unexpectedly; starting it again.')
      up = revive()
      up.catch((error: Error) => options.onGivenUp(error))
    })
  const revive = async () => {
    // On the same port, which its clients know. After a pause, so that a
    // server that cannot live does not spin.
    await sleep(200)
    if (isStopping) return
    cluster = await startCluster(place, password, cluster.port)
    watch()
  }
  watch()
  return {
    url: cluster.url(database),
    path: place.dataDirectory,
    pid: () => cluster.pid,
    up: () => up,
    stop: async () => {
      isStopping = true
      await up.catch(() => undefined)
      await cluster.stop()
    },
  }
}

async function findPlace(folder: DataFolder): Promise<{ place: ClusterPlace; password: string }> {
  const recordFile = join(folder.path, 'postgres.json')
  const record = existsSync(recordFile)
    ? (JSON.parse(readFileSync(recordFile, 'utf8')) as PlaceRecord)
    : undefined
  const known =
    record &&
    (isAbsolute(record.dataDirectory) ? record.dataDirectory : join(folder.path, record.dataDirectory))
  const identity = databaseIdentity(known)
  const dataDirectory = known ?? newDataDirectory(folder.path, identity)
  const place: ClusterPlace = {
    identity,
    binaries: postgresBinaries(identity),
    dataDirectory,
    logFile: join(folder.logs, 'postgres.log'),
    durable: true,
  }
  if (record && existsSync(dataDirectory)) {
    refuseOtherVersion(dataDirectory)
    if (identity && !mayUse(identity, 'x', dataDirectory))
      throw new Error(unreachable(dataDirectory, identity))
    return { place, password: record.password }
  }
  const password = await initialise(place, (made) => {
    // Inside DATA_DIR the record is relative, so that the folder can be moved as a whole.
    const where = dataDirectory.startsWith(`${folder.path}/`)
      ? dataDirectory.slice(folder.path.length + 1)
      : dataDirectory
    writeWhole(recordFile, JSON.stringify({ dataDirectory: where, password: made } satisfies PlaceRecord))
  })
  return { place, password }
}

/** Inside DATA_DIR, or outside where the account that runs PostgreSQL may not enter DATA_DIR. */
function newDataDirectory(dataDir: string, identity: Identity | undefined): string {
  if (!identity || mayUse(identity, 'x', dataDir)) return join(dataDir, 'postgres')
  mkdirSync(outsideFolder, { recursive: true, mode: 0o755 })
  chmodSync(outsideFolder, 0o755)
  // Never a name used before, so that an old DATA_DIR that returns still finds its own.
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  return join(outsideFolder, `${hash}-${randomBytes(4).toString('hex')}`)
}

function refuseOtherVersion(dataDirectory: string): void {
  const version = readFileSync(join(dataDirectory, 'PG_VERSION'), 'utf8').trim()
  if (version === majorVersion) return
  throw new Error(
    `The database in ${dataDirectory} was made by PostgreSQL ${version}, and this Presence brings PostgreSQL ${majorVersion}. ` +
      'Dump it with the old version and restore it, or choose another DATA_DIR.',
  )
}

function unreachable(dataDirectory: string, identity: Identity): string {
  return (
    `The database in ${dataDirectory} belongs to the unprivileged user ${identity.name}, who can no longer reach it. ` +
    'Allow passing through (chmod o+x on each folder above it), or choose another DATA_DIR.'
  )
}

async function createDatabase(cluster: Cluster): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.url('postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database])
    if (!rowCount) await client.query(`create database ${database}`)
  } finally {
    await client.end()
  }
}
