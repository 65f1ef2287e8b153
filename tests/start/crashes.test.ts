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

test('kill -9 of the launcher ends all it started, without anybody starting again', async () => {
  const presence = await startLauncher()
  await presence.running()
  const children = childrenOf(presence)
  presence.signal('SIGKILL')
  await presence.ended
  await until('its processes are gone', () => Object.values(children).every(isGone))
})

test('right after a kill -9 of the launcher, while its processes are still ending, the next start finds nothing in its way', async () => {
  const presence = await startLauncher()
  await presence.running()
  presence.signal('SIGKILL')
  await presence.ended
  await startAgain(presence)
})

test('kill -9 of the launcher and of what watches over PostgreSQL leaves an orphan, which the next start stops first', async () => {
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
  'kill -9 of the %s alone: it is started again at the same address',
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

test('a lock file of PostgreSQL whose process number now belongs to somebody else blocks nothing, and that process is left alone', async () => {
  const presence = await startLauncher()
  await presence.running()
  const file = join(presence.dataDir, 'postgres', 'postmaster.pid')
  const text = readFileSync(file, 'utf8')
  presence.signal('SIGINT')
  await presence.ended
  // This very process stands for the one that got the number.
  writeFileSync(file, text.replace(/^\d+/, String(process.pid)))
  writeFileSync(join(presence.dataDir, 'lock.pid'), String(process.pid))
  await startAgain(presence)
})
