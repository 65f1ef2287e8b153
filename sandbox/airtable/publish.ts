// Turns a change of the base into webhook payloads and pings each webhook.
import type { SandboxContext } from '../core/provider.ts'
import type { RowChange } from './edit.ts'
import { stableId } from './ids.ts'
import { cellForPayload } from './rows.ts'
import type { Field, Table } from './schema.ts'
import { isHookAlive, ping } from './webhook.ts'
import type { Filters, Includes, Payload, Webhook } from './webhook.ts'

/** Who made a change: a person in Airtable's own pages, or a program with a token. */
export type ChangeSource = 'client' | 'publicApi'

const operator = {
  id: stableId('usr', 'operator'),
  email: 'operator@example.com',
  name: 'Operator',
  permissionLevel: 'create',
}

export function publishChanges(ctx: SandboxContext, changes: RowChange[], source: ChangeSource): void {
  if (changes.length === 0) return
  const baseTransactionNumber = ctx.store.next('airtable.transaction')
  const timestamp = new Date(ctx.clock.now()).toISOString()
  for (const webhook of ctx.store.list<Webhook>('airtable.webhook')) {
    if (!isHookAlive(webhook, ctx.clock.now())) continue
    const { filters, includes = {} } = webhook.specification.options
    if (
      !filters.dataTypes.includes('tableData') ||
      (filters.fromSources && !filters.fromSources.includes(source))
    )
      continue
    const changedTablesById = changedTables(ctx, changes, filters, includes)
    if (Object.keys(changedTablesById).length === 0) continue
    const payload: Payload = {
      timestamp,
      baseTransactionNumber,
      payloadFormat: 'v0',
      changedTablesById,
      actionMetadata: { source, sourceMetadata: { user: operator } },
    }
    ctx.store.put(`airtable.payload:${webhook.id}`, String(webhook.nextCursor), {
      cursor: webhook.nextCursor,
      payload,
    })
    const next = { ...webhook, nextCursor: webhook.nextCursor + 1 }
    ctx.store.put('airtable.webhook', webhook.id, next)
    ping(ctx, next, timestamp)
  }
}

type TableChange = {
  createdRecordsById?: Record<string, { createdTime: string; cellValuesByFieldId: Record<string, unknown> }>
  changedRecordsById?: Record<
    string,
    Record<'current' | 'previous' | 'unchanged', { cellValuesByFieldId: Record<string, unknown> }>
  >
  destroyedRecordIds?: string[]
}

function changedTables(
  ctx: SandboxContext,
  changes: RowChange[],
  filters: Filters,
  includes: Includes,
): Record<string, TableChange> {
  const byId: Record<string, TableChange> = {}
  const wants = (type: 'add' | 'remove' | 'update') =>
    !filters.changeTypes || filters.changeTypes.includes(type)
  const watched = filters.watchDataInFieldIds
  const isWatched = (fields: Field[]) => !watched || fields.some((field) => watched.includes(field.id))
  for (const { table, id, before, after } of changes) {
    if (filters.recordChangeScope && filters.recordChangeScope !== table.id) continue
    const touched = table.fields.filter(
      (field) => !isSame(before?.fields[field.name], after?.fields[field.name]),
    )
    const cellOf = (field: Field, row: typeof after) =>
      cellForPayload(ctx.store, field, row?.fields[field.name])
    const values = (fields: Field[], row: typeof after) => ({
      cellValuesByFieldId: Object.fromEntries(fields.map((field) => [field.id, cellOf(field, row)])),
    })
    if (!before && after && wants('add') && isWatched(touched)) {
      const of = tableChange(byId, table)
      of.createdRecordsById = {
        ...of.createdRecordsById,
        [id]: { createdTime: after.createdTime, ...values(touched, after) },
      }
    }
    if (before && !after && wants('remove')) {
      const of = tableChange(byId, table)
      of.destroyedRecordIds = [...(of.destroyedRecordIds ?? []), id]
    }
    if (before && after && touched.length > 0 && wants('update') && isWatched(touched)) {
      const of = tableChange(byId, table)
      const others = extraFields(table, includes).filter((field) => !touched.includes(field))
      const changed = {
        current: values(touched, after),
        ...(includes.includePreviousCellValues ? { previous: values(touched, before) } : {}),
        ...(others.length > 0 ? { unchanged: values(others, after) } : {}),
      } as NonNullable<TableChange['changedRecordsById']>[string]
      of.changedRecordsById = { ...of.changedRecordsById, [id]: changed }
    }
  }
  return byId
}

function tableChange(byId: Record<string, TableChange>, table: Table): TableChange {
  return (byId[table.id] ??= {})
}

function extraFields(table: Table, { includeCellValuesInFieldIds: wanted }: Includes): Field[] {
  if (wanted === 'all') return table.fields
  return table.fields.filter((field) => wanted?.includes(field.id))
}

const isSame = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right)
