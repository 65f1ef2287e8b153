// A database of its own for each test file, copied from one that is migrated once per run.
import { askRun } from './run.ts'

export type FreshDatabase = {
  url: string
  /** Ends every connection to it and removes it. */
  drop: () => Promise<void>
}

/** A migrated, empty database that nobody else uses. */
export function freshDatabase(): Promise<FreshDatabase> {
  return create('migrated')
}

/** A database without any table, for the tests of migrating. */
export function emptyDatabase(): Promise<FreshDatabase> {
  return create('empty')
}

async function create(kind: 'migrated' | 'empty'): Promise<FreshDatabase> {
  const url = await askRun('POST', kind)
  const name = new URL(url).pathname.slice(1)
  return { url, drop: async () => void (await askRun('DELETE', name)) }
}
