// One request to Airtable. A refused request is narrowed down to the record that caused it, which waits in
// quarantine while the others go on.
import { sql } from 'kysely'
import { eachAlone } from '../../calls/each-alone.ts'
import { inTransaction, type Tx } from '../../db/client.ts'
import { recordChanged, recordsChanged } from '../../db/record-changes.ts'
import { type Fields, missingFields, upsertRecords } from '../../integrations/airtable.ts'
import { ProviderError } from '../../lib/errors.ts'
import { failpoint } from '../../lib/failpoint.ts'
import type { Context } from '../context.ts'
import { columnsLeftOut, leaveOutColumns } from './leave-out-columns.ts'
import { readFields } from './read-fields.ts'
import type { RecordTable } from './record.ts'

export type Pending = { presenceId: string; version: number }

/** The kind of these rows in `quarantine`. */
export const refusedRecords = 'write-record'

/** Writes up to ten records. Throws ProviderError where Airtable fails. */
export async function writeBatch(ctx: Context, table: RecordTable, batch: Pending[]): Promise<void> {
  try {
    await write(ctx, table, batch)
  } catch (error) {
    if (!isAboutRecord(error)) throw error
    await writeAlone(ctx, table, batch)
  }
}

/** Writes, and leaves out what the base has no column for; the operators are told. */
async function write(
  ctx: Context,
  table: RecordTable,
  batch: Pending[],
  change = (fields: Fields) => fields,
): Promise<void> {
  const known = await columnsLeftOut(ctx.db, table)
  try {
    await upsert(ctx, table, batch, known, change)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'UNKNOWN_FIELD_NAME') throw error
    const fields = await readFields(
      ctx.db,
      table,
      batch.map(({ presenceId }) => presenceId),
    )
    const names = [...new Set(fields.flatMap(Object.keys))]
    const missing = await missingFields(ctx.airtable, table, names)
    if (missing.length === 0 || missing.includes('Presence ID')) throw error
    await upsert(ctx, table, batch, missing, change)
  }
}

/** Writes each by itself; one that is refused again waits in quarantine. */
export async function writeAlone(ctx: Context, table: RecordTable, records: Pending[]): Promise<void> {
  let failure: unknown
  await eachAlone(ctx.db, records, {
    kind: refusedRecords,
    keyOf: ({ presenceId }) => `${table}:${presenceId}`,
    act: async (record) => {
      // Airtable itself fails, and no record is to blame.
      if (failure) return
      try {
        await writeOne(ctx, table, record)
      } catch (error) {
        if (isAboutRecord(error)) throw error
        failure = error
      }
    },
    taskFor: ({ presenceId }, lastError) => ({
      kind: 'job_failed',
      sentence:
        `Airtable refuses the row with the Presence ID ${presenceId} in ${table} ("${lastError}"). ` +
        'It is tried again at least every hour; all other rows are written.',
      ...(table === 'Presence Operations' ? { bookingId: presenceId } : {}),
      ...(table === 'Members' ? { memberId: presenceId } : {}),
    }),
  })
  if (failure) throw failure
}

async function writeOne(ctx: Context, table: RecordTable, record: Pending): Promise<void> {
  try {
    await write(ctx, table, [record])
  } catch (error) {
    if (!isAboutRecord(error) || table !== 'Presence Operations') throw error
    // Somebody may have deleted the row of its member or host: write it without links, and the member anew.
    await write(ctx, table, [record], withoutLinks)
    await writeMemberAnew(ctx, record.presenceId)
  }
}

const withoutFields = (fields: Fields, names: string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

const withoutLinks = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith('Linked ')))

async function writeMemberAnew(ctx: Context, bookingId: string): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const booking = await tx
      .selectFrom('bookings')
      .select('memberId')
      .where('id', '=', bookingId)
      .executeTakeFirst()
    if (booking) await recordChanged(tx, 'Members', booking.memberId)
  })
}

async function upsert(
  ctx: Context,
  table: RecordTable,
  batch: Pending[],
  without: string[],
  change: (fields: Fields) => Fields,
): Promise<void> {
  const fields = await readFields(
    ctx.db,
    table,
    batch.map((pending) => pending.presenceId),
  )
  const recordIds =
    fields.length > 0
      ? await upsertRecords(
          ctx.airtable,
          table,
          fields.map((one) => withoutFields(change(one), without)),
        )
      : new Map<string, string>()
  failpoint('after-call:records')
  if (without.length > 0)
    await leaveOutColumns(
      ctx.db,
      table,
      without,
      batch.map(({ presenceId }) => presenceId),
    )
  await inTransaction(ctx.db, async (tx) => {
    // Lock the record first, then its change: every verb takes these locks in this order.
    if (table === 'Members') await rememberRecordIds(tx, recordIds)
    for (const { presenceId, version } of batch) {
      // A record that changed during the write stays waiting.
      await tx
        .deleteFrom('recordChanges')
        .where('tableName', '=', table)
        .where('presenceId', '=', presenceId)
        .where('version', '=', version)
        .execute()
    }
  })
}

/** Sessions that link to a row that was deleted and made anew are written again with the new link. */
async function rememberRecordIds(tx: Tx, recordIds: Map<string, string>): Promise<void> {
  const made: string[] = []
  for (const [memberId, recordId] of recordIds) {
    const { rows } = await sql<{ isAnew: boolean }>`
      update members set airtable_record_id = ${recordId}
      where id = ${memberId} and airtable_record_id is distinct from ${recordId}
      returning old.airtable_record_id is not null as is_anew`.execute(tx)
    if (rows[0]?.isAnew) made.push(memberId)
  }
  if (made.length === 0) return
  const bookings = await tx.selectFrom('bookings').select('id').where('memberId', 'in', made).execute()
  await recordsChanged(
    tx,
    'Presence Operations',
    bookings.map(({ id }) => id),
  )
}

/**
 * Airtable refuses a value of a record; anything else (keys, fields, limits, outages) is about all of them.
 */
function isAboutRecord(error: unknown): boolean {
  if (!(error instanceof ProviderError) || error.ambiguous) return false
  if (error.code === 'UNKNOWN_FIELD_NAME') return false
  return error.status === 422 || error.status === 413 || error.status === 400
}
