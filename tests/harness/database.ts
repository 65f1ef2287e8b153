// A database of its own for each test file, copied from one that is migrated once per run.
import { inject } from 'vitest'

export type FreshDatabase = {
  url: string
  /** Ends every connection to it and removes it. */
  drop: () => Promise<void>
}

/** A migrated, empty database that nobody else uses. */
export function freshDatabase(): Promise<FreshDatabase> {
  return ask('/migrated')
}

/** A database without any table, for the tests of migrating. */
export function emptyDatabase(): Promise<FreshDatabase> {
  return ask('/empty')
}

async function ask(kind: string): Promise<FreshDatabase> {
  const databases = inject('databasesUrl')
  const url = await answerOf(await fetch(`${databases}${kind}`, { method: 'POST' }))
  const name = new URL(url).pathname.slice(1)
  return {
    url,
    drop: async () => void (await answerOf(await fetch(`${databases}/${name}`, { method: 'DELETE' }))),
  }
}

async function answerOf(response: Response): Promise<string> {
  const text = await response.text()
  if (!response.ok) throw new Error(`The tests' database server failed: ${text}`)
  return text
}
