// Listing records: filter, sort, fields, pages. The request comes as a query string or as a JSON body.
import { minuteMs } from '../core/durations.ts'
import type { SandboxContext } from '../core/provider.ts'
import { formulaFilter } from './formula.ts'
import { newId } from './ids.ts'
import { invalidRequest, unknownField, unprocessable } from './refusal.ts'
import { isObject } from './request.ts'
import { cellText, rowsOf, toRecord } from './rows.ts'
import type { Row } from './rows.ts'
import { choicesOf, findField } from './schema.ts'
import type { Field, Table } from './schema.ts'

type Sort = { field: string; direction?: 'asc' | 'desc' }

export type ListRequest = {
  pageSize: number
  maxRecords: number
  offset?: string | undefined
  filterByFormula?: string | undefined
  sort: Sort[]
  fields?: string[] | undefined
  byFieldId: boolean
  cellFormat: string
  timeZone?: string | undefined
  userLocale?: string | undefined
}

const iteratorLifeMs = 15 * minuteMs

/** Reads the query string; Airtable's client writes lists as fields[]= and sort[0][field]=. */
export function listRequestFromQuery(query: URLSearchParams): ListRequest {
  const sort: Sort[] = []
  for (const [key, value] of query) {
    const [, index, part] = /^sort\[(\d+)\]\[(field|direction)\]$/.exec(key) ?? []
    if (index === undefined || part === undefined) continue
    const at = Number(index)
    sort[at] = { ...(sort[at] ?? { field: '' }), [part]: value }
  }
  const fields = [...query].filter(([key]) => /^fields(\[\d*\])?$/.test(key)).map(([, value]) => value)
  return checked({
    pageSize: query.get('pageSize') ?? undefined,
    maxRecords: query.get('maxRecords') ?? undefined,
    offset: query.get('offset'),
    filterByFormula: query.get('filterByFormula'),
    sort: sort.filter(Boolean),
    fields: fields.length > 0 ? fields : undefined,
    returnFieldsByFieldId: ['true', '1'].includes(query.get('returnFieldsByFieldId') ?? ''),
    cellFormat: query.get('cellFormat'),
    timeZone: query.get('timeZone'),
    userLocale: query.get('userLocale'),
  })
}

/** Reads the JSON body of listRecords; the client leaves the time zone in the query string. */
export function listRequestFromBody(body: Record<string, unknown>, query: URLSearchParams): ListRequest {
  return checked({ timeZone: query.get('timeZone'), userLocale: query.get('userLocale'), ...body })
}

function checked(raw: Record<string, unknown>): ListRequest {
  const count = (name: string, fallback: number) => {
    const value = raw[name]
    if (value === undefined || value === null || value === '') return fallback
    if (!Number.isInteger(Number(value)) || Number(value) < 1) throw invalidRequest()
    return Number(value)
  }
  const text = (name: string) => {
    const value = raw[name]
    if (value === undefined || value === null || value === '') return undefined
    return String(value)
  }
  const { fields, sort = [] } = raw
  if (fields !== undefined && !(Array.isArray(fields) && fields.every((one) => typeof one === 'string')))
    throw invalidRequest()
  if (!Array.isArray(sort) || !sort.every(isSort)) throw invalidRequest()
  const cellFormat = text('cellFormat') ?? 'json'
  if (!['json', 'string'].includes(cellFormat)) throw invalidRequest()
  if (cellFormat === 'string' && (!text('timeZone') || !text('userLocale'))) {
    throw invalidRequest('timeZone and userLocale are required when cellFormat is "string".')
  }
  return {
    pageSize: Math.min(count('pageSize', 100), 100),
    maxRecords: count('maxRecords', Infinity),
    offset: text('offset'),
    filterByFormula: text('filterByFormula'),
    sort,
    fields,
    byFieldId: raw['returnFieldsByFieldId'] === true,
    cellFormat,
    timeZone: text('timeZone'),
    userLocale: text('userLocale'),
  }
}

function isSort(value: unknown): value is Sort {
  return (
    isObject(value) &&
    typeof value['field'] === 'string' &&
    [undefined, 'asc', 'desc'].includes(value['direction'] as undefined)
  )
}

export function listRecords(ctx: SandboxContext, table: Table, request: ListRequest) {
  const { store } = ctx
  const fieldOf = (name: string) => {
    const field = findField(store, table, name)
    if (!field) throw unknownField(name)
    return field
  }
  const only = request.fields?.map(fieldOf)
  const passes = request.filterByFormula
    ? formulaFilter(store, table, request.filterByFormula, ctx.clock.now())
    : () => true
  const compares = request.sort.map(({ field, direction }) =>
    comparison(ctx, fieldOf(field), direction === 'desc' ? -1 : 1),
  )
  const rows = rowsOf(store, table.name)
    .filter(passes)
    .sort((a, b) => compares.reduce((order, compare) => order || compare(a, b), 0))
    .slice(0, request.maxRecords)
  const from = request.offset ? startOf(request.offset, rows, ctx.clock.now()) : 0
  const page = rows.slice(from, from + request.pageSize)
  const hasMore = from + page.length < rows.length
  const asText =
    request.cellFormat === 'string'
      ? { timeZone: request.timeZone!, userLocale: request.userLocale! }
      : undefined
  const records = page.map((row) =>
    toRecord(store, table, row, { byFieldId: request.byFieldId, only, asText }),
  )
  return hasMore ? { records, offset: offsetAfter(page.at(-1)!, ctx.clock.now()) } : { records }
}

/** Rows without the value come first when ascending; selects follow the order of their options. */
function comparison(ctx: SandboxContext, field: Field, direction: 1 | -1): (a: Row, b: Row) => number {
  const order = field.type === 'singleSelect' ? choicesOf(ctx.store, field).map((choice) => choice.name) : []
  const key = (row: Row) => {
    const value = row.fields[field.name]
    if (value === undefined) return undefined
    if (typeof value === 'number') return value
    return field.type === 'singleSelect'
      ? order.indexOf(String(value))
      : cellText(ctx.store, field, value).toLowerCase()
  }
  return (a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left === right) return 0
    if (left === undefined || right === undefined) return left === undefined ? -direction : direction
    if (typeof left === 'string' && typeof right === 'string') return left.localeCompare(right) * direction
    return left < right ? -direction : direction
  }
}

function offsetAfter(row: Row, nowMs: number): string {
  return `${newId('itr').slice(0, 8)}${nowMs.toString(36).padStart(9, '0')}/${row.id}`
}

function startOf(offset: string, rows: Row[], nowMs: number): number {
  const [, madeAt, id] = /^itr.{5}([0-9a-z]{9})\/(rec\w{14})$/.exec(offset) ?? []
  const at = rows.findIndex((row) => row.id === id)
  if (madeAt === undefined || at < 0 || nowMs - Number.parseInt(madeAt, 36) > iteratorLifeMs) {
    throw unprocessable(
      'LIST_RECORDS_ITERATOR_NOT_AVAILABLE',
      'The list records iterator is no longer available. Start again from the first page.',
    )
  }
  return at + 1
}
