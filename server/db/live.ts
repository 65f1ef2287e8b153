// LISTEN/NOTIFY: what was committed in one process is heard in all of them. A notification is only a hint to
// look again.
import { sql } from 'kysely'
import pg from 'pg'
import type { Topic } from '../lib/topic.ts'
import type { Tx } from './client.ts'

/** Whom a change concerns. Without a member and a host it concerns everybody who is looking. */
export type Change = { topics: Topic[]; memberId?: string; hostId?: string; forOperators?: boolean }

export type Channels = { live: Change; records: null; clock: null }
type Channel = keyof Channels

/** Tells every process about a change, when and only when `tx` commits. */
export async function announce(tx: Tx, change: Change): Promise<void> {
  await sql`select pg_notify('presence_live', ${JSON.stringify(change)})`.execute(tx)
}

/** The same for many in one statement. */
export async function announceAll(tx: Tx, changes: Change[]): Promise<void> {
  if (changes.length === 0) return
  await sql`select pg_notify('presence_live', change) from unnest(${changes.map((change) => JSON.stringify(change))}::text[]) change`.execute(
    tx,
  )
}

/** Wakes whoever writes records, when `tx` commits. */
export async function announceRecords(tx: Tx): Promise<void> {
  await sql`select pg_notify('presence_records', '')`.execute(tx)
}

export async function announceClock(tx: Tx): Promise<void> {
  await sql`select pg_notify('presence_clock', '')`.execute(tx)
}

export type Listener = { close: () => Promise<void> }

/**
 * Listens on a connection of its own and calls the handlers; connects again when the connection is lost, and
 * then calls
 * `onReconnect`, since what was said meanwhile is lost. `onConnect` is given every connection before it is
 * used. Waits for the first.
 */
export async function listen(
  databaseUrl: string,
  handlers: { [Name in Channel]: (message: Channels[Name]) => void },
  onReconnect: () => void,
  onConnect: (client: pg.Client) => Promise<void> = async () => undefined,
): Promise<Listener> {
  let isClosed = false
  let client = await connect()

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    })
    next.on('notification', ({ channel, payload }) => {
      if (channel === 'presence_live') handlers.live(JSON.parse(payload ?? '{}'))
      else if (channel === 'presence_records') handlers.records(null)
      else handlers.clock(null)
    })
    next.on('error', () => undefined)
    next.on('end', () => void reconnect())
    await next.connect()
    await onConnect(next)
    await next.query('listen presence_live; listen presence_records; listen presence_clock')
    return next
  }

  async function reconnect(): Promise<void> {
    while (!isClosed) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      try {
        client = await connect()
        onReconnect()
        return
      } catch {
        continue // the database is away; try again until it is back
      }
    }
  }

  return {
    async close() {
      isClosed = true
      client.removeAllListeners('end')
      await client.end()
    },
  }
}
