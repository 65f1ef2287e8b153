// performUpsert: which row a record without an id belongs to.
import type { SandboxContext } from '../core/provider.ts'
import { invalidRequest, unknownField, unprocessable } from './refusal.ts'
import { isObject } from './request.ts'
import { cellText, rowKind, rowsOf } from './rows.ts'
import type { Row } from './rows.ts'
import { findField, shownName } from './schema.ts'
import type { Field, Table } from './schema.ts'

const mergeTypes = [
  'singleLineText',
  'multilineText',
  'email',
  'phoneNumber',
  'url',
  'number',
  'singleSelect',
  'multipleSelects',
  'dateTime',
]

/** The one to three fields of `fieldsToMergeOn`. */
export function mergeFields(ctx: SandboxContext, table: Table, performUpsert: unknown): Field[] {
  const names = isObject(performUpsert) ? performUpsert['fieldsToMergeOn'] : undefined
  if (!Array.isArray(names) || names.length < 1 || names.length > 3) throw invalidRequest()
  return names.map((name) => {
    const field = findField(ctx.store, table, String(name))
    if (!field) throw unknownField(String(name))
    if (!mergeTypes.includes(field.type))
      throw invalidRequest(`Field "${field.name}" cannot be used to merge on.`)
    return field
  })
}

/** The id of the one row with the same values; refuses when there are several. */
export function mergeTarget(
  ctx: SandboxContext,
  table: Table,
  merge: Field[],
  fields: Record<string, unknown>,
  created: Row[],
): string | undefined {
  const wanted = merge.map((field) => {
    const value = fields[shownName(ctx.store, field)] ?? fields[field.id]
    if (value === undefined || value === null || value === '') {
      throw invalidRequest(`Each record must have a value for the field to merge on "${field.name}".`)
    }
    return field.type === 'dateTime'
      ? new Date(String(value)).toISOString()
      : Array.isArray(value)
        ? value.join(', ')
        : String(value)
  })
  const matches = [...rowsLike(ctx, table, merge[0]!, wanted[0]!), ...created].filter((row) =>
    merge.every((field, index) => cellText(ctx.store, field, row.fields[field.name]) === wanted[index]),
  )
  if (matches.length > 1) {
    throw unprocessable(
      'INVALID_VALUE_FOR_COLUMN',
      `Cannot update more than one record: ${matches.length} records match on ${merge
        .map((field) => `"${field.name}"`)
        .join(', ')}`,
    )
  }
  return matches[0]?.id
}

const textTypes = ['singleLineText', 'multilineText', 'email', 'phoneNumber', 'url', 'singleSelect']

/** The rows with this text in `field`; all rows when its cells are not text. */
function rowsLike(ctx: SandboxContext, table: Table, field: Field, text: string): Row[] {
  if (!textTypes.includes(field.type) || field.name.includes('"')) return rowsOf(ctx.store, table.name)
  return ctx.store.find<Row>(rowKind(table.name), `$.fields."${field.name}"`, text)
}
