// The rows of the base in the store, and the formats of a cell.
import type { Store } from '../core/store.ts'
import type { Cells, CellValue } from './cells.ts'
import { choicesOf, findTable, givenNames, presentFields, primaryField } from './schema.ts'
import type { Field, Table } from './schema.ts'

/** `fields` is keyed by field name and has no empty cells. */
export type Row = { id: string; createdTime: string; modifiedAtMs: number; fields: Cells }

export const rowKind = (tableName: string) => `airtable.record:${tableName}`

export function rowsOf(store: Store, tableName: string): Row[] {
  return store.list<Row>(rowKind(tableName))
}

export type RecordFormat = {
  byFieldId?: boolean
  /** Only these fields. */
  only?: Field[] | undefined
  asText?: TextFormat | undefined
}

export type TextFormat = { timeZone: string; userLocale: string }

/** One record as the API answers it. */
export function toRecord(store: Store, table: Table, row: Row, format: RecordFormat = {}) {
  const fields: Record<string, unknown> = {}
  const given = givenNames(store)
  for (const field of format.only ?? presentFields(store, table)) {
    const value = row.fields[field.name]
    if (value === undefined) continue
    fields[format.byFieldId ? field.id : (given[field.id] ?? field.name)] = format.asText
      ? cellText(store, field, value, format.asText)
      : value
  }
  return { id: row.id, createdTime: row.createdTime, fields }
}

/** A cell as people read it: names of linked rows, comma-separated lists. */
export function cellText(
  store: Store,
  field: Field,
  value: CellValue | undefined,
  format?: TextFormat,
): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) {
    return value
      .map((item) =>
        typeof item === 'object'
          ? `${item.filename} (${item.url})`
          : field.link
            ? linkedName(store, field.link.table, item)
            : item,
      )
      .join(', ')
  }
  if (field.type === 'checkbox') return 'checked'
  if (field.type === 'dateTime' && format) {
    return new Intl.DateTimeFormat(format.userLocale, {
      timeZone: format.timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
    }).format(new Date(String(value)))
  }
  if (typeof value !== 'number' || !format) return String(value)
  if (field.type === 'percent') return `${(value * 100).toFixed(field.precision ?? 0)}%`
  return field.type === 'currency' ? `$${value.toFixed(2)}` : String(value)
}

/** A cell as webhook payloads carry it: selects and links as objects, empty as null. */
export function cellForPayload(store: Store, field: Field, value: CellValue | undefined): unknown {
  if (value === undefined) return null
  if (field.type === 'singleSelect')
    return choicesOf(store, field).find((choice) => choice.name === value) ?? null
  if (field.type === 'multipleSelects')
    return choicesOf(store, field).filter((choice) => (value as string[]).includes(choice.name))
  if (field.link)
    return (value as string[]).map((id) => ({ id, name: linkedName(store, field.link!.table, id) }))
  return value
}

function linkedName(store: Store, tableName: string, id: string): string {
  const table = findTable(tableName)!
  return String(store.get<Row>(rowKind(tableName), id)?.fields[primaryField(table).name] ?? 'Unnamed record')
}
