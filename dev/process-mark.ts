// Identifies a process beyond its pid, which may be reused after a crash.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type ProcessMark = { pid: number; startedAt: string }

/** The start time of the process, from the system; undefined when it does not live (a zombie does not). */
export function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (process.platform !== 'linux') {
    const asked = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return asked.stdout?.trim() || undefined
  }
  const stat = readText(`/proc/${pid}/stat`)
  if (!stat) return undefined
  // The command may contain spaces and brackets, so count the fields after its last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}:${fields[19]}`
}

export function markOf(pid: number): ProcessMark {
  return { pid, startedAt: startOf(pid) ?? 'gone' }
}

export function isAlive(mark: ProcessMark): boolean {
  return startOf(mark.pid) === mark.startedAt
}

/** The command line of a process; empty when it is gone or may not be read. */
export function commandOf(pid: number): string[] {
  if (process.platform === 'linux') return readText(`/proc/${pid}/cmdline`)?.split('\0') ?? []
  const asked = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return asked.stdout?.trim().split(' ') ?? []
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // The process ended meanwhile.
    return undefined
  }
}
