// Operators edit the hosts in Airtable, and they are read here. A host who vanishes there becomes inactive
// and is never deleted; a row that cannot be read keeps its last good version.
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { eachAlone, quarantinedKeys } from '../../calls/each-alone.ts'
import { type Db, inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { readTable } from '../../integrations/airtable.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { decideLosses } from './decide-losses.ts'
import { type HostRow, type Place, readHost } from './host.ts'
import {
  type HostReading,
  type KnownHost,
  type ReadRow,
  readingOf,
  type UnreadableRow,
} from './host-reading.ts'
import { readNumber } from './read-number.ts'
import { readPlace } from './read-place.ts'
import { recordNewNumbers } from './record-new-numbers.ts'
import { writeHosts } from './write-hosts.ts'

/** Hosts that are written in one transaction: a few milliseconds. */
const atOnce = 200

/**
 * Brings our hosts in line with the base. Answers how many were read. Throws ProviderError where Airtable is
 * silent.
 */
export async function readHosts(ctx: Context, signal?: AbortSignal): Promise<number> {
  return applyHosts(ctx.db, await readTable(ctx.airtable, 'Hosts', signal), signal)
}

/** The same with rows that have been read. Stops between two transactions when the queue aborts the job. */
export async function applyHosts(db: Db, all: HostRow[], signal?: AbortSignal): Promise<number> {
  const rows = await withoutErased(db, all)
  const known = await db
    .selectFrom('hosts')
    .select(['id', 'airtableRecordId', 'mobileNumber', 'calUsername', 'status', 'verificationStatus'])
    .where('erasedAt', 'is', null)
    .orderBy('createdAt')
    .execute()
  const reading = readingOf(known, await readAll(known, rows))
  const isHeldBack = await decideLosses(db, reading)
  const kept = new Set(isHeldBack ? reading.lostIds : [])
  const vanished = reading.vanishedIds.filter((id) => !kept.has(id))
  for (const ids of slices(vanished)) {
    if (signal?.aborted) return 0
    await closeVanished(db, ids)
  }
  const refused: UnreadableRow[] = []
  for (const hosts of slices(reading.hosts.filter(({ id }) => !id || !kept.has(id)))) {
    if (signal?.aborted) return 0
    refused.push(...(await writeSome(db, hosts)))
  }
  // One sentence about all of them instead of one each, where a whole column cannot be read.
  if (!isHeldBack) await putAside(db, [...reading.unreadable, ...refused])
  return reading.hosts.length
}

/** A deleted host is not read back from a row that is still there. */
async function withoutErased(db: Db, rows: HostRow[]): Promise<HostRow[]> {
  const gone = await db
    .selectFrom('hosts')
    .select('airtableRecordId')
    .where('erasedAt', 'is not', null)
    .execute()
  const ids = new Set(gone.map(({ airtableRecordId }) => airtableRecordId))
  return ids.size === 0 ? rows : rows.filter(({ id }) => !ids.has(id))
}

/** Between slices the process answers requests: two hundred thousand rows are seconds of work. */
async function readAll(known: KnownHost[], rows: HostRow[]): Promise<ReadRow[]> {
  const byRecord = new Map(known.map((host) => [host.airtableRecordId, host]))
  // Two hundred thousand hosts live in a few hundred places.
  const places = new Map<string, Place | undefined>()
  const cells = {
    readPlace: (cell: string) =>
      places.has(cell) ? places.get(cell) : places.set(cell, readPlace(cell)).get(cell),
    readNumber,
  }
  const read: ReadRow[] = []
  for (const some of slices(rows)) {
    for (const row of some) {
      const before = byRecord.get(row.id)
      read.push({ row, before, host: readHost(row, cells, !before) })
    }
    await setImmediate()
  }
  return read
}

async function closeVanished(db: Db, ids: string[]): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`
      update hosts set status = 'Inactive', updated_at = ${now()}
      where id = any(${ids}::uuid[]) and status = 'Active'`.execute(tx)
    await announce(tx, { topics: ['hosts'] })
  })
}

/** Writes them together, or one by one where the database refuses one of them. Answers those it refused. */
async function writeSome(db: Db, hosts: HostReading['hosts']): Promise<UnreadableRow[]> {
  try {
    await inTransaction(db, async (tx) => {
      const written = await writeHosts(tx, await recordNewNumbers(tx, hosts))
      if (written > 0) await announce(tx, { topics: ['hosts'] })
    })
    return []
  } catch (error) {
    const [host] = hosts
    if (!host || !isRefusedValue(error)) throw error
    if (hosts.length === 1) {
      const { airtableRecordId: recordId, id: hostId, fullName } = host
      return [{ recordId, hostId, fullName, why: `was refused by the database: ${String(error)}` }]
    }
    const refused: UnreadableRow[] = []
    for (const one of hosts) refused.push(...(await writeSome(db, [one])))
    return refused
  }
}

/** Data exceptions and violated constraints are about the row; anything else is about the database. */
function isRefusedValue(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code))
}

/** Each row that cannot be read is put aside; those in quarantine that can be read, or are gone, leave it. */
async function putAside(db: Db, unreadable: UnreadableRow[]): Promise<void> {
  const kind = 'read-host'
  const byKey = new Map(unreadable.map((row) => [row.recordId, row]))
  const keys = [...new Set([...byKey.keys(), ...(await quarantinedKeys(db, kind))])]
  await eachAlone(db, keys, {
    kind,
    keyOf: (key) => key,
    isFree: true,
    act: async (key) => {
      const row = byKey.get(key)
      if (row) throw new Error(row.why)
    },
    taskFor: (key, lastError) => ({
      kind: 'setup',
      sentence:
        `The row of ${byKey.get(key)?.fullName ?? 'a host'} in Airtable's Hosts ${lastError}. ` +
        'Until it is mended, what was read before is used.',
      ...(byKey.get(key)?.hostId ? { hostId: byKey.get(key)!.hostId! } : {}),
    }),
  })
}

function* slices<Item>(items: Item[]): Generator<Item[]> {
  for (let at = 0; at < items.length; at += atOnce) yield items.slice(at, at + atOnce)
}
