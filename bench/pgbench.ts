// Runs bare SQL on the same database with PostgreSQL's own pgbench, where it is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

export type PerSecond = { perSecond: number; why?: never } | { perSecond?: never; why: string }
type Load = {
  clients: number
  /** Times that each of them runs the script. */ each: number
  variables?: Record<string, number>
}

const table = `create table bench_inserts (id uuid primary key default gen_random_uuid(), provider text not null, event_id text not null,
  payload jsonb not null, received_at timestamptz not null default now(), unique (provider, event_id));`
const insert = `insert into bench_inserts (provider, event_id, payload)
  values ('stripe', gen_random_uuid()::text, jsonb_build_object('filler', repeat('x', 1800))) on conflict do nothing;`
const drop = 'drop table if exists bench_inserts;'

/** Inserts of the shape of a webhook event. */
export function insertsPerSecond(databaseUrl: string, atOnce: number): PerSecond {
  const once = { clients: 1, each: 1 }
  for (const script of [drop, table]) {
    const made = runPgbench(databaseUrl, script, once)
    if (made.why !== undefined) return made
  }
  const found = runPgbench(databaseUrl, insert, { clients: atOnce, each: 60 })
  runPgbench(databaseUrl, drop, once)
  return found
}

/** Runs of `script` per second, or the reason why there is no figure. */
export function runPgbench(
  databaseUrl: string,
  script: string,
  { clients, each, variables = {} }: Load,
): PerSecond {
  const program = findPgbench()
  if (!program) return { why: 'pgbench is not installed, so there is nothing to compare with' }
  const folder = mkdtempSync(join(tmpdir(), 'presence-pgbench-'))
  try {
    const file = join(folder, 'script.sql')
    writeFileSync(file, script)
    const given = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`])
    const words = [
      '-n',
      '-f',
      file,
      '-c',
      String(clients),
      '-j',
      String(Math.min(2, clients)),
      '-t',
      String(each),
      ...given,
      databaseUrl,
    ]
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', timeout: 120_000 })
    if (status !== 0 || /aborted/.test(stderr))
      return { why: `pgbench failed: ${stderr.trim().split('\n').slice(0, 2).join(' ')}` }
    return { perSecond: Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  // Debian's /usr/bin/pgbench is a wrapper that looks for a cluster; the
  // programs are in a folder per version.
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path))
}
