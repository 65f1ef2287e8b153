// LISTEN/NOTIFY: what was committed in one process is heard in all of them. A notification is only a hint to
// look again.
import { sql } from 'kysely'
import type { Topic } from '../lib/topic.ts'
import type { Tx } from './client.ts'

/** Whom a change concerns. Without a member and a host it concerns everybody who is looking. */
export type Change = { topics: Topic[]; memberId?: string; hostId?: string; forOperators?: boolean }

/** The database says so itself, however a sign-in ends (announce_ended_sign_in). */
export type EndedSignIn = { endedSignInId: string }

export type Channels = { live: Change | EndedSignIn; records: null; clock: null }

/** PostgreSQL's names of the channels. */
export const channels: { [Name in keyof Channels]: string } = {
  live: 'presence_live',
  records: 'presence_records',
  clock: 'presence_clock',
}

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
