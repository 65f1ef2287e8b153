// The sandbox's memory: JSON documents by kind and id in SQLite, so that a restart loses nothing.
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

export type Store = {
  get: <T>(kind: string, id: string) => T | undefined
  put: (kind: string, id: string, value: unknown) => void
  delete: (kind: string, id: string) => boolean
  /** All documents of a kind, in the order they were first put. */
  list: <T>(kind: string) => T[]
  /** Documents of a kind whose text at `path` (like `$.fields."Name"`) is `text`; uses an index. */
  find: <T>(kind: string, path: string, text: string) => T[]
  /** The kinds that have a document now and begin with `prefix`, in alphabetical order. */
  kinds: (prefix: string) => string[]
  /** Runs `act` in one transaction; nested calls join the outer one. Synchronous on purpose. */
  transaction: <T>(act: () => T) => T
  /** A counter per name; survives restarts. */
  next: (name: string) => number
  close: () => void
}

/** Opens or creates the store at `file`; ':memory:' for a temporary one. */
export function openStore(file: string): Store {
  const db = new DatabaseSync(file)
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma busy_timeout = 3000;
    create table if not exists documents (
      seq integer primary key autoincrement, kind text not null, id text not null, value text not null, unique (kind, id));
    create table if not exists counters (name text primary key, value integer not null);
  `)
  const getOne = db.prepare('select value from documents where kind = ? and id = ?')
  const putOne = db.prepare(
    'insert into documents (kind, id, value) values (?, ?, ?) on conflict (kind, id) do update set value = excluded.value',
  )
  const deleteOne = db.prepare('delete from documents where kind = ? and id = ?')
  const listKind = db.prepare('select value from documents where kind = ? order by seq')
  const listKinds = db.prepare(
    'select distinct kind from documents where substr(kind, 1, length(?1)) = ?1 order by kind',
  )
  const nextOne = db.prepare(
    'insert into counters (name, value) values (?, 1) on conflict (name) do update set value = value + 1 returning value',
  )
  const finders = new Map<string, ReturnType<typeof db.prepare>>()
  const finderOf = (path: string) => {
    const known = finders.get(path)
    if (known) return known
    const quoted = path.replaceAll("'", "''")
    const name = `by_${createHash('sha256').update(path).digest('hex').slice(0, 16)}`
    db.exec(`create index if not exists ${name} on documents (kind, json_extract(value, '${quoted}'))`)
    const made = db.prepare(
      `select value from documents where kind = ? and json_extract(value, '${quoted}') = ? order by seq`,
    )
    finders.set(path, made)
    return made
  }
  let depth = 0
  return {
    get: (kind, id) => {
      const row = getOne.get(kind, id)
      return row ? JSON.parse(String(row['value'])) : undefined
    },
    put: (kind, id, value) => void putOne.run(kind, id, JSON.stringify(value)),
    delete: (kind, id) => Number(deleteOne.run(kind, id).changes) > 0,
    list: (kind) => listKind.all(kind).map((row) => JSON.parse(String(row['value']))),
    find: (kind, path, text) =>
      finderOf(path)
        .all(kind, text)
        .map((row) => JSON.parse(String(row['value']))),
    kinds: (prefix) => listKinds.all(prefix).map((row) => String(row['kind'])),
    transaction: (act) => {
      if (depth > 0) return act()
      depth++
      db.exec('begin immediate')
      try {
        const result = act()
        db.exec('commit')
        return result
      } catch (error) {
        db.exec('rollback')
        throw error
      } finally {
        depth--
      }
    },
    next: (name) => Number(nextOne.get(name)!['value']),
    close: () => db.close(),
  }
}
