// PostgreSQL refuses to run as root. Started by root, it runs as an account without rights.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

export type Identity = { uid: number; gid: number; name: string }

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * The account that the server runs as; undefined means this process's own. The owner of
 * `ownedDirectory` is used where it exists and is not root's.
 */
export function databaseIdentity(ownedDirectory?: string): Identity | undefined {
  if (!isRoot()) return undefined
  const owner = ownedDirectory && statSync(ownedDirectory, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: `number ${owner.uid}` }
  return lookUp('postgres') ?? createPostgres() ?? lookUp('nobody') ?? refuse()
}

/** Whether `identity` may use `path`, as in the shell's test: 'x' to enter a folder, 'r' to read a file. */
export function mayUse(identity: Identity, kind: 'r' | 'x', path: string): boolean {
  const asked = spawnSync('sh', ['-c', `test -${kind} "$1"`, 'sh', path], {
    uid: identity.uid,
    gid: identity.gid,
    cwd: '/',
  })
  if (asked.error) {
    throw new Error(
      `This root may not act as the unprivileged ${identity.name} (${asked.error.message}). ` +
        'Start as an ordinary user, or set DATABASE_URL to a PostgreSQL 18 server of your own.',
    )
  }
  return asked.status === 0
}

function lookUp(name: string): Identity | undefined {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' })
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' })
  if (uid.status !== 0 || gid.status !== 0) return undefined
  return { uid: Number(uid.stdout), gid: Number(gid.stdout), name }
}

function createPostgres(): Identity | undefined {
  spawnSync('groupadd', ['--system', 'postgres'])
  spawnSync('useradd', [
    '--system',
    '-g',
    'postgres',
    '-M',
    '-d',
    '/nonexistent',
    '-s',
    '/usr/sbin/nologin',
    'postgres',
  ])
  return lookUp('postgres')
}

function refuse(): never {
  throw new Error(
    'PostgreSQL cannot run as root, and no unprivileged user could be found or made (tried postgres, nobody). ' +
      'Start as an ordinary user, or set DATABASE_URL to a PostgreSQL 18 server of your own.',
  )
}
