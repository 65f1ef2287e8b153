// Builds the pages only when their sources have changed.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprintOf } from './fingerprint.ts'
import { filesReachedFrom } from './imports.ts'

const stamp = '.fingerprint'
const madeOf = ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json']

/**
 * Builds dist/ when it does not fit the sources, and answers whether it had to.
 * Two at once do not disturb each other.
 */
export async function buildPages(root: string): Promise<boolean> {
  // The pages share pure rules of the server, so those files count as sources too.
  const shared = filesReachedFrom(root, 'src')
    .filter((file) => !file.startsWith('src/'))
    .sort()
  const fingerprint = fingerprintOf(root, [...madeOf, ...shared])
  const dist = join(root, 'dist')
  const stampFile = join(dist, stamp)
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint) return false
  const fresh = join(root, `dist.${process.pid}.new`)
  const old = join(root, `dist.${process.pid}.old`)
  try {
    await viteBuild(root, fresh)
    writeFileSync(join(fresh, stamp), fingerprint)
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(fresh, dist)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
  return true
}

function viteBuild(root: string, outDir: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_ENV: 'production' },
      },
    )
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`The pages could not be built:\n${said.trim()}`)),
    )
  })
}
