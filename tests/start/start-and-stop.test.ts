import { readFileSync, statSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { probePort } from '../../dev/ports.ts'
import { answersAt, childrenOf, cleanUp, isGone, startLauncher, until } from './launcher.ts'

afterEach(cleanUp)

test('a start says on one screen where it runs and who can sign in, and Ctrl-C ends everything', async () => {
  const presence = await startLauncher()
  const running = await presence.running()
  expect(running).toMatchObject({
    pid: presence.pid,
    port: presence.port,
    url: `http://localhost:${presence.port}`,
    sandboxPort: presence.sandboxPort,
  })
  expect(await answersAt(running.url)).toBe(true)
  expect(await answersAt(running.sandboxUrl!)).toBe(true)

  expect(presence.said()).toContain(running.url)
  expect(presence.said()).toContain(running.sandboxUrl)
  expect(presence.said()).toMatch(/a member +\+61\d+/)
  expect(presence.said()).toMatch(/a host +\+61\d+ +\(Amelia Hart\)/)
  expect(presence.said()).toContain('+61491578888')
  expect(presence.said().split('\n').length).toBeLessThanOrEqual(24)

  const children = Object.values(childrenOf(presence))
  presence.signal('SIGINT')
  expect(await presence.ended).toBe(0)
  expect(children.filter((pid) => !isGone(pid))).toEqual([])
  expect(existsSync(join(presence.dataDir, 'running.json'))).toBe(false)
  await probePort(presence.port)
  await probePort(presence.sandboxPort)
})

test('secrets in DATA_DIR can be read by their owner only', async () => {
  const presence = await startLauncher()
  await presence.running()
  for (const name of ['running.json', 'postgres.json', 'auth-secret']) {
    expect(`${name} ${(statSync(join(presence.dataDir, name)).mode & 0o777).toString(8)}`).toBe(`${name} 600`)
  }
})

test('a second start on the same DATA_DIR is refused with the address and pid of the first', async () => {
  const first = await startLauncher()
  const running = await first.running()
  const second = await startLauncher({ dataDir: first.dataDir })
  expect(await second.ended).toBe(1)
  expect(second.said()).toContain(running.url)
  expect(second.said()).toContain(`process ${first.pid}`)
  expect(await answersAt(running.url)).toBe(true)
})

test('the same data and the same secrets are there at the next start', async () => {
  const first = await startLauncher()
  await first.running()
  const secret = readFileSync(join(first.dataDir, 'auth-secret'), 'utf8')
  first.signal('SIGTERM')
  expect(await first.ended).toBe(0)
  const second = await startLauncher({ dataDir: first.dataDir })
  await second.running()
  expect(readFileSync(join(first.dataDir, 'auth-secret'), 'utf8')).toBe(secret)
})

test('Ctrl-C during the start stops everything started so far', async () => {
  const presence = await startLauncher()
  await until('PostgreSQL was begun', () => existsSync(join(presence.dataDir, 'logs')))
  presence.signal('SIGINT')
  expect(await presence.ended).toBe(0)
  const again = await startLauncher({ dataDir: presence.dataDir })
  expect(await answersAt((await again.running()).url)).toBe(true)
})

test('a second Ctrl-C ends everything at once, even a process that does not react', async () => {
  const presence = await startLauncher()
  await presence.running()
  const children = childrenOf(presence)
  process.kill(children.app, 'SIGSTOP')
  presence.signal('SIGINT')
  await sleep(800)
  presence.signal('SIGINT')
  expect(await presence.ended).toBe(1)
  await until('all processes are gone', () => Object.values(children).every(isGone))
})
