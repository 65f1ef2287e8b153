// Stops a PostgreSQL server that outlived the process that started it, and only one that is really ours.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandOf, isAlive, markOf, startOf } from './process-mark.ts'

/** Stops the server that still runs on `dataDirectory`, if any, and removes a stale lock file. */
export async function stopOrphan(dataDirectory: string): Promise<void> {
  const file = `${dataDirectory}/postmaster.pid`
  if (!existsSync(file)) return
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
  // PostgreSQL itself recognises a dead process; it gives up only where its number was reused.
  if (!startOf(pid)) return
  const command = commandOf(pid)
  const isOurs = command.some((word) => /(^|\/)postgres$/.test(word)) && command.includes(dataDirectory)
  if (!isOurs) return rmSync(file, { force: true })
  const mark = markOf(pid)
  for (const [signal, seconds] of [
    ['SIGINT', 15],
    ['SIGQUIT', 5],
    ['SIGKILL', 5],
  ] as const) {
    if (!isAlive(mark)) return
    process.kill(pid, signal)
    for (let waited = 0; waited < seconds * 1000 && isAlive(mark); waited += 50) await sleep(50)
  }
  if (isAlive(mark))
    throw new Error(
      `PostgreSQL (process ${pid}) still runs on ${dataDirectory} and does not stop. End it, then start again.`,
    )
}
