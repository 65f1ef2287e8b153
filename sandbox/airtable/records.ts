// The record operations: list, retrieve, create, update, upsert, delete.
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { openEdit } from './edit.ts'
import type { Edit } from './edit.ts'
import { listRecords, listRequestFromBody, listRequestFromQuery } from './list.ts'
import { publishChanges } from './publish.ts'
import { invalidRequest, noSuchRow, notFound, unprocessable } from './refusal.ts'
import { answering, isByHand, isObject, jsonBody, requireTable } from './request.ts'
import { rowKind, toRecord } from './rows.ts'
import type { Row } from './rows.ts'
import type { Table } from './schema.ts'
import { mergeTarget, mergeFields } from './upsert.ts'

const maxRecordsPerRequest = 10

type Change = { id?: string; fields: Record<string, unknown> }

/** The up to ten records of a body. */
function changesOf(body: Record<string, unknown>): Change[] {
  const records = body['records']
  if (!Array.isArray(records) || records.length === 0 || records.length > maxRecordsPerRequest) {
    throw unprocessable(
      'INVALID_RECORDS',
      'You must provide an array of up to 10 record objects, each with a "fields" object for cell values.',
    )
  }
  for (const record of records) if (!isObject(record) || !isObject(record['fields'])) throw invalidRequest()
  return records as Change[]
}

function editOf(body: Record<string, unknown>, ctx: SandboxContext): Edit {
  return openEdit(ctx, body['typecast'] === true)
}

function save(request: ProviderRequest, ctx: SandboxContext, edit: Edit): void {
  publishChanges(ctx, edit.commit(), isByHand(request, ctx) ? 'client' : 'publicApi')
}

/** Reads the rows again after the commit: a later record of the same request may have changed their links. */
function saved(ctx: SandboxContext, table: Table, rows: Row[], body: Record<string, unknown>) {
  const byFieldId = body['returnFieldsByFieldId'] === true
  return rows.map((row) =>
    toRecord(ctx.store, table, ctx.store.get<Row>(rowKind(table.name), row.id) ?? row, { byFieldId }),
  )
}

const list = answering((request, ctx) => {
  const table = requireTable(request, ctx)
  return { status: 200, body: listRecords(ctx, table, listRequestFromQuery(request.query)) }
})

const listByPost = answering((request, ctx) => {
  const table = requireTable(request, ctx)
  return { status: 200, body: listRecords(ctx, table, listRequestFromBody(jsonBody(request), request.query)) }
})

const retrieve = answering((request, ctx) => {
  const table = requireTable(request, ctx)
  const row = ctx.store.get<Row>(rowKind(table.name), request.params['recordId']!)
  if (!row) return notFound
  const byFieldId = ['true', '1'].includes(request.query.get('returnFieldsByFieldId') ?? '')
  return { status: 200, body: toRecord(ctx.store, table, row, { byFieldId }) }
})

const create = answering((request, ctx) => {
  const table = requireTable(request, ctx)
  const body = jsonBody(request)
  const edit = editOf(body, ctx)
  const isSingle = !('records' in body)
  if (isSingle && !isObject(body['fields']))
    throw invalidRequest('Could not find field "fields" in the request body')
  const changes = isSingle ? [body as Change] : changesOf(body)
  const rows = changes.map((change) => edit.create(table, change.fields))
  save(request, ctx, edit)
  const records = saved(ctx, table, rows, body)
  return { status: 200, body: isSingle ? records[0] : { records } }
})

const update = answering((request, ctx) => {
  const table = requireTable(request, ctx)
  const body = jsonBody(request)
  const changes = changesOf(body)
  const edit = editOf(body, ctx)
  const merge =
    body['performUpsert'] === undefined ? undefined : mergeFields(ctx, table, body['performUpsert'])
  const createdRecords: string[] = []
  const updatedRecords: string[] = []
  const rows = changes.map(({ id, fields }) => {
    if (id === undefined && !merge) throw invalidRequest()
    if (id !== undefined && !edit.row(table, id)) throw noSuchRow(id)
    const target =
      id ??
      mergeTarget(
        ctx,
        table,
        merge!,
        fields,
        createdRecords.map((one) => edit.row(table, one)!),
      )
    if (target === undefined) {
      const row = edit.create(table, fields)
      createdRecords.push(row.id)
      return row
    }
    if (!updatedRecords.includes(target)) updatedRecords.push(target)
    return edit.update(table, target, fields, request.method === 'PUT')
  })
  save(request, ctx, edit)
  const records = saved(ctx, table, rows, body)
  return { status: 200, body: merge ? { records, createdRecords, updatedRecords } : { records } }
})

const updateOne = answering((request, ctx) => {
  const table = requireTable(request, ctx)
  const body = jsonBody(request)
  const fields = body['fields']
  if (!isObject(fields)) throw invalidRequest('Could not find field "fields" in the request body')
  const edit = editOf(body, ctx)
  const id = request.params['recordId']!
  if (!edit.row(table, id)) return notFound
  const row = edit.update(table, id, fields, request.method === 'PUT')
  save(request, ctx, edit)
  return { status: 200, body: saved(ctx, table, [row], body)[0] }
})

function removeRows(
  request: ProviderRequest,
  ctx: SandboxContext,
  ids: string[],
): { id: string; deleted: true }[] {
  const table = requireTable(request, ctx)
  const edit = openEdit(ctx, false)
  for (const id of ids) {
    if (!edit.row(table, id)) throw noSuchRow(id)
    edit.remove(table, id)
  }
  save(request, ctx, edit)
  return ids.map((id) => ({ id, deleted: true }))
}

const remove = answering((request, ctx) => {
  const ids = [
    ...new Set(
      [...request.query].filter(([key]) => /^records(\[\d*\])?$/.test(key)).map(([, value]) => value),
    ),
  ]
  if (ids.length === 0 || ids.length > maxRecordsPerRequest) throw invalidRequest()
  return { status: 200, body: { records: removeRows(request, ctx, ids) } }
})

const removeOne = answering((request, ctx): ProviderAnswer => {
  const table = requireTable(request, ctx)
  const id = request.params['recordId']!
  if (!ctx.store.get(rowKind(table.name), id)) return notFound
  return { status: 200, body: removeRows(request, ctx, [id])[0] }
})

const tablePath = '/v0/:baseId/:table'
const recordPath = '/v0/:baseId/:table/:recordId'

const operations: Operation[] = [
  { name: 'records.list', method: 'GET', path: tablePath, handle: list },
  { name: 'records.list', method: 'POST', path: `${tablePath}/listRecords`, handle: listByPost },
  { name: 'records.create', method: 'POST', path: tablePath, handle: create },
  { name: 'records.update', method: 'PATCH', path: tablePath, handle: update },
  { name: 'records.replace', method: 'PUT', path: tablePath, handle: update },
  { name: 'records.delete', method: 'DELETE', path: tablePath, handle: remove },
  { name: 'records.get', method: 'GET', path: recordPath, handle: retrieve },
  { name: 'records.update', method: 'PATCH', path: recordPath, handle: updateOne },
  { name: 'records.replace', method: 'PUT', path: recordPath, handle: updateOne },
  { name: 'records.delete', method: 'DELETE', path: recordPath, handle: removeOne },
]

// The official client ends some of these paths with a slash.
export const recordOperations: Operation[] = operations.flatMap((one) => [
  one,
  { ...one, path: `${one.path}/` },
])
