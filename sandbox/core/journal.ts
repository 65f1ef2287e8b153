// The journal: every call and every delivery attempt, in order. The newest entries survive a restart.
import type { ProviderName } from './provider.ts'
import type { Store } from './store.ts'

export type JournalEntry = {
  /** Grows by one for each entry. */
  id: number
  kind: 'call' | 'delivery'
  provider: ProviderName
  /** Operation name of a call, event type of a delivery. */
  operation: string
  method: string
  /** Path with the query of a call, address of a delivery. */
  url: string
  /** Sandbox clock at the start. */
  at: string
  requestHeaders: Record<string, string>
  requestBody: string
  /** Absent while it runs and when no answer came. */
  status?: number
  responseBody?: string
  durationMs?: number
  /** The fault that was applied, if any. */
  fault?: string
  /** Attempt number of a delivery, from 1, and the provider's event id. */
  attempt?: number
  eventId?: string
  /** The outcome where there is no status: `dropped`, `connection refused`. */
  note?: string
}

export type Journal = {
  add: (entry: Omit<JournalEntry, 'id'>) => JournalEntry
  /** Completes an entry in place. */
  update: (id: number, changes: Partial<JournalEntry>) => void
  /** Entries with an id above `since`, oldest first. */
  since: (since: number) => JournalEntry[]
}

const keptEntries = 2000
const usualTextLimit = 20_000

/** Cuts bodies longer than `textLimit` characters and says so. */
export function openJournal(store: Store, onChange: () => void, textLimit = usualTextLimit): Journal {
  const entries = new Map(store.list<JournalEntry>('core.journal').map((entry) => [entry.id, entry]))
  const cut = (text: string) =>
    text.length > textLimit ? `${text.slice(0, textLimit)}… (${text.length} characters)` : text
  const keep = (entry: JournalEntry) => {
    entries.set(entry.id, entry)
    store.put('core.journal', String(entry.id), entry)
    onChange()
  }
  return {
    add: (fields) => {
      const id = store.next('core.journal')
      const entry = {
        ...fields,
        id,
        requestHeaders: veiled(fields.requestHeaders),
        requestBody: cut(fields.requestBody),
      }
      keep(entry)
      const old = id - keptEntries
      if (entries.delete(old)) store.delete('core.journal', String(old))
      return entry
    },
    update: (id, changes) => {
      const entry = entries.get(id)
      if (!entry) return
      const responseBody =
        changes.responseBody === undefined ? {} : { responseBody: cut(changes.responseBody) }
      keep({ ...entry, ...changes, ...responseBody })
    },
    since: (since) => [...entries.values()].filter((entry) => entry.id > since),
  }
}

// Shows enough of a credential to recognise it, never all of it.
function veiled(headers: Record<string, string>): Record<string, string> {
  const authorization = headers['authorization']
  return authorization ? { ...headers, authorization: `${authorization.slice(0, 16)}…` } : headers
}
