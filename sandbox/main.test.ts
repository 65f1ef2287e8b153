import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { hourMs } from './core/durations.ts'

const folder = dirname(fileURLToPath(import.meta.url))

function run(env: Record<string, string>) {
  const dataDir = env['DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'sandbox-main-'))
  const child = fork(join(folder, 'main.ts'), {
    env: { ...process.env, SANDBOX_PORT: '0', ...env, DATA_DIR: dataDir },
    silent: true,
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
    rmSync(dataDir, { recursive: true, force: true })
  })
  let errors = ''
  child.stderr?.on('data', (chunk) => (errors += String(chunk)))
  const closed = new Promise((resolve) => child.once('close', resolve))
  return { child, exited, errors: async () => closed.then(() => errors) }
}

test('the sandbox refuses to start in production', async () => {
  const { exited, errors } = run({ NODE_ENV: 'production' })
  expect(await exited).toBe(1)
  expect(await errors()).toContain('never runs in production')
})

test('the sandbox says when it is ready and ends with its parent', async () => {
  const { child, exited } = run({ NODE_ENV: 'development', APP_URL: 'http://127.0.0.1:9' })
  const ready = await new Promise<{ type: string; port: number }>((resolve) =>
    child.once('message', resolve as (message: unknown) => void),
  )
  expect(ready.type).toBe('ready')
  expect((await fetch(`http://127.0.0.1:${ready.port}/_sandbox/clock`)).status).toBe(200)
  child.disconnect()
  expect(await exited).toBe(0)
})

test('a killed sandbox keeps its keys, time and limits, which are on by default', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-main-'))
  const start = async () => {
    const one = run({ NODE_ENV: 'development', APP_URL: 'http://127.0.0.1:9', DATA_DIR: dataDir })
    const { port } = await new Promise<{ port: number }>((resolve) =>
      one.child.once('message', resolve as (message: unknown) => void),
    )
    const ask = async (path: string, body?: object) =>
      (
        await fetch(
          `http://127.0.0.1:${port}/_sandbox/${path}`,
          body
            ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
            : {},
        )
      ).json() as Promise<Record<string, unknown>>
    return { ...one, ask }
  }
  const first = await start()
  expect(await first.ask('limits')).toEqual({ on: true })
  await first.ask('limits', { on: false })
  await first.ask('clock', { offsetMs: hourMs })
  const keys = await first.ask('keys')
  first.child.kill('SIGKILL')
  await first.exited
  const second = await start()
  expect([
    await second.ask('keys'),
    await second.ask('limits'),
    (await second.ask('clock'))['offsetMs'],
  ]).toEqual([keys, { on: false }, hourMs])
})

test('the sandbox imports nothing from outside its folder; its tests only what starts browsers', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  expect(files.length).toBeGreaterThan(10)
  for (const file of files) {
    const source = readFileSync(join(folder, file), 'utf8')
    for (const [, path = ''] of source.matchAll(/(?:from|import\(?)\s*['"](\.{1,2}\/[^'"]+)['"]/g)) {
      const target = relative(folder, resolve(folder, dirname(file), path))
      if (file.endsWith('.test.ts') && target.startsWith('../dev/')) continue
      expect(`${file} imports ${target}`).not.toContain('imports ..')
    }
  }
})
