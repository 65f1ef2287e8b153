// What the same database does with bare inserts of the same shape, by PostgreSQL's own pgbench where it is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const each = 60
const table = `create table bench_inserts (id uuid primary key default gen_random_uuid(), provider text not null, event_id text not null,
  payload jsonb not null, received_at timestamptz not null default now(), unique (provider, event_id))`
const insert = `insert into bench_inserts (provider, event_id, payload)
  values ('stripe', gen_random_uuid()::text, jsonb_build_object('filler', repeat('x', 1800))) on conflict do nothing;`

export function insertsPerSecond(databaseUrl: string, atOnce: number): { perSecond: number; why?: never } | { perSecond?: never; why: string } {
  const program = findPgbench()
  if (!program) return { why: 'pgbench is not installed, so there is no comparison with bare inserts' }
  const folder = mkdtempSync(join(tmpdir(), 'presence-pgbench-'))
  try {
    writeFileSync(join(folder, 'table.sql'), `${table};`)
    writeFileSync(join(folder, 'insert.sql'), insert)
    writeFileSync(join(folder, 'drop.sql'), 'drop table if exists bench_inserts;')
    const run = (file: string, ...words: string[]) => {
      const { status, stdout, stderr } = spawnSync(program, ['-n', '-f', join(folder, file), ...words, databaseUrl], { encoding: 'utf8', timeout: 60_000 })
      if (status !== 0) throw new Error(`pgbench failed: ${stderr.trim().split('\n').at(-1)}`)
      return stdout
    }
    run('drop.sql', '-t', '1')
    run('table.sql', '-t', '1')
    const said = run('insert.sql', '-c', String(atOnce), '-j', '2', '-t', String(each))
    run('drop.sql', '-t', '1')
    return { perSecond: Number(/^tps = ([\d.]+)/m.exec(said)?.[1]) }
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  // Debian's own /usr/bin/pgbench is a wrapper that looks for a cluster; the programs lie by version.
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path))
}
