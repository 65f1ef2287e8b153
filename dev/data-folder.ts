// DATA_DIR: holds one running Presence at a time, and what it keeps between starts.
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isRoot } from './unprivileged.ts'

export type Running = {
  pid: number
  port: number
  url: string
  sandboxPort: number | null
  sandboxUrl: string | null
  databaseUrl: string
  clockKey: string | null
}

export type DataFolder = {
  path: string
  logs: string
  /** A secret made on first use, readable by its owner only. */
  secret: (name: string) => string
  /** Tells scripts the address of the running Presence. */
  announce: (running: Running) => void
  close: () => void
}

const runningFile = 'running.json'
const lockFile = 'lock.sqlite'
const holderFile = 'lock.pid'

/** Opens the folder for one running Presence, or throws a sentence that says what to do. */
export function openDataFolder(given: string): DataFolder {
  const path = resolve(given)
  const logs = join(path, 'logs')
  try {
    // Root's database runs as another account, which must be able to pass through.
    makeFolder(path, isRoot() ? 0o711 : 0o700)
    accessSync(path, constants.W_OK | constants.X_OK)
    mkdirSync(logs, { recursive: true })
    for (const file of [join(path, lockFile), join(path, holderFile), logs])
      if (existsSync(file)) accessSync(file, constants.W_OK)
  } catch (error) {
    throw new Error(
      `DATA_DIR ${path} cannot be written (${reasonOf(error)}). ` +
        'Start as the one who made it, allow writing there, or choose another DATA_DIR: DATA_DIR=/another/folder npm start',
      { cause: error },
    )
  }
  const lock = takeLock(path)
  rmSync(join(path, runningFile), { force: true })
  return {
    path,
    logs,
    secret: (name) => secretIn(path, name),
    announce: (running) => writeWhole(join(path, runningFile), JSON.stringify(running, null, 2)),
    close: () => {
      rmSync(join(path, runningFile), { force: true })
      lock.close()
    },
  }
}

/** The Presence that runs on the folder, for scripts; undefined where none does. */
export function runningOn(path: string): Running | undefined {
  const file = join(resolve(path), runningFile)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Running) : undefined
}

/** Writes a file atomically, readable by its owner only. */
export function writeWhole(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, text, { mode: 0o600 })
  chmodSync(unfinished, 0o600)
  renameSync(unfinished, file)
}

/**
 * A lock that the system releases however its holder dies: an exclusive transaction on an empty SQLite file.
 * No file can go stale, and no reused process number can look like the holder.
 */
function takeLock(path: string): DatabaseSync {
  const holder = join(path, holderFile)
  const lock = new DatabaseSync(join(path, lockFile), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    const pid = existsSync(holder) ? readFileSync(holder, 'utf8') : 'unknown'
    const where = runningOn(path)?.url ?? 'still starting'
    throw new Error(
      `Presence is already running on ${path}: ${where} (process ${pid}). ` +
        'Use that one, stop it with Ctrl-C there, or start another one beside it: DATA_DIR=./data-2 PORT=3100 npm start',
      { cause: error },
    )
  }
  writeFileSync(holder, String(process.pid))
  return lock
}

/**
 * Makes one level after the other: mkdir's `recursive` never returns where a
 * file system cannot make folders at all.
 */
function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return
  makeFolder(dirname(path), mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another start may have made it meanwhile.
    if (!existsSync(path)) throw error
  }
}

function secretIn(path: string, name: string): string {
  const file = join(path, name)
  if (!existsSync(file)) {
    const unfinished = `${file}.${process.pid}`
    writeFileSync(unfinished, randomBytes(32).toString('hex'), { mode: 0o600 })
    linkSync(unfinished, file)
    rmSync(unfinished)
  }
  return readFileSync(file, 'utf8').trim()
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
