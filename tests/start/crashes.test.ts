import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { answersAt, childrenOf, cleanUp, isGone, type Launcher, startLauncher, until } from './launcher.ts'

afterEach(cleanUp)

async function startAgain(before: Launcher): Promise<void> {
  const again = await startLauncher({ dataDir: before.dataDir })
  const running = await again.running()
  expect(await answersAt(running.url)).toBe(true)
}

test('kill -9 of the launcher ends all it started', async () => {
  const presence = await startLauncher()
  await presence.running()
  const children = childrenOf(presence)
  presence.signal('SIGKILL')
  await presence.ended
  await until('its processes are gone', () => Object.values(children).every(isGone))
})

test('the next start works right after kill -9 of the launcher, while its processes are ending', async () => {
  const presence = await startLauncher()
  await presence.running()
  presence.signal('SIGKILL')
  await presence.ended
  await startAgain(presence)
})

test('a PostgreSQL orphaned by kill -9 of launcher and watcher is stopped by the next start', async () => {
  const presence = await startLauncher()
  await presence.running()
  const { postgres, keeper } = childrenOf(presence)
  const group = readFileSync(`/proc/${keeper}/task/${keeper}/children`, 'utf8').trim().split(' ').map(Number)
  for (const pid of [keeper, ...group.filter((child) => child !== postgres), presence.pid])
    process.kill(pid, 'SIGKILL')
  await presence.ended
  expect(isGone(postgres)).toBe(false)
  await startAgain(presence)
  expect(isGone(postgres)).toBe(true)
})

test.each(['app', 'sandbox', 'postgres'] as const)(
  'the %s is started again at the same address after kill -9',
  async (name) => {
    const presence = await startLauncher()
    const running = await presence.running()
    const killed = childrenOf(presence)[name]
    process.kill(killed, 'SIGKILL')
    await until('another process has taken its place', () => {
      try {
        return childrenOf(presence)[name] !== killed
      } catch {
        return false
      }
    })
    await until('the application answers', () => answersAt(`${running.url}/healthz`))
    await until('the sandbox answers', () => answersAt(running.sandboxUrl!))
    presence.signal('SIGINT')
    expect(await presence.ended).toBe(0)
    await startAgain(presence)
  },
)

test('a stale lock file whose pid belongs to another process blocks nothing and harms nobody', async () => {
  const presence = await startLauncher()
  await presence.running()
  const file = join(presence.dataDir, 'postgres', 'postmaster.pid')
  const text = readFileSync(file, 'utf8')
  presence.signal('SIGINT')
  await presence.ended
  // This process stands for the one that got the pid.
  writeFileSync(file, text.replace(/^\d+/, String(process.pid)))
  writeFileSync(join(presence.dataDir, 'lock.pid'), String(process.pid))
  await startAgain(presence)
})
