// What a field accepts, with and without typecast, and what it then holds. Empty cells are undefined.
import { newId } from './ids.ts'
import { unprocessable } from './refusal.ts'
import type { Field } from './schema.ts'

export type Attachment = { id: string; url: string; filename: string; size: number; type: string }
export type CellValue = string | number | boolean | string[] | Attachment[]
export type Cells = Record<string, CellValue>

/** What casting may read or create: the options of selects, the rows of linked tables. */
export type CellContext = {
  typecast: boolean
  choiceNames: (field: Field) => string[]
  addChoice: (field: Field, name: string) => void
  hasRow: (tableName: string, id: string) => boolean
  /** The row with this primary value, made when there is none. */
  linkByName: (tableName: string, name: string) => string
}

/** Casts a value from a request for `field`; throws a Refusal when the field cannot take it. */
export function toCell(
  field: Field,
  raw: unknown,
  previous: CellValue | undefined,
  context: CellContext,
): CellValue | undefined {
  if (raw === null || raw === undefined) return undefined
  switch (field.type) {
    case 'singleLineText':
    case 'multilineText':
    case 'email':
    case 'phoneNumber':
    case 'url':
      return toText(field, raw, context)
    case 'number':
    case 'percent':
    case 'currency':
      return toNumber(field, raw, context)
    case 'checkbox':
      return toCheckbox(field, raw, context)
    case 'dateTime':
      return toTime(field, raw, context)
    case 'singleSelect':
      if (raw === '' && context.typecast) return undefined
      return toChoice(field, raw, context)
    case 'multipleSelects':
      return filled(toList(field, raw, context).map((item) => toChoice(field, item, context)))
    case 'multipleRecordLinks':
      return filled(toLinks(field, raw, context))
    case 'multipleAttachments':
      return filled(toAttachments(field, raw, previous))
  }
}

const refused = (field: Field) =>
  unprocessable('INVALID_VALUE_FOR_COLUMN', `Field "${field.name}" cannot accept the provided value`)

const filled = <T extends string[] | Attachment[]>(list: T) => (list.length > 0 ? list : undefined)

function toText(field: Field, raw: unknown, { typecast }: CellContext) {
  if (typeof raw === 'string') return raw === '' ? undefined : raw
  if (!typecast) throw refused(field)
  return Array.isArray(raw)
    ? raw.map(String).join(', ')
    : typeof raw === 'object'
      ? JSON.stringify(raw)
      : String(raw)
}

function toNumber(field: Field, raw: unknown, { typecast }: CellContext) {
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw
  if (!typecast || typeof raw !== 'string') throw refused(field)
  const isPercent = raw.trim().endsWith('%')
  const parsed = Number.parseFloat(raw.replace(/[^0-9.eE+-]/g, ''))
  if (Number.isNaN(parsed)) return undefined
  return isPercent ? parsed / 100 : parsed
}

function toCheckbox(field: Field, raw: unknown, { typecast }: CellContext) {
  if (typeof raw === 'boolean') return raw || undefined
  if (!typecast) throw refused(field)
  return ['true', '1', 'yes', 'checked'].includes(String(raw).toLowerCase()) || undefined
}

function toTime(field: Field, raw: unknown, { typecast }: CellContext) {
  if (typeof raw !== 'string' || (!typecast && !/^\d{4}-\d{2}-\d{2}/.test(raw))) throw refused(field)
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(raw)
  const atMs = Date.parse(/T\d/.test(raw) && !hasZone ? `${raw}Z` : raw)
  if (!Number.isNaN(atMs)) return new Date(atMs).toISOString()
  if (typecast) return undefined
  throw refused(field)
}

function toChoice(field: Field, raw: unknown, { typecast, choiceNames, addChoice }: CellContext): string {
  if (typeof raw !== 'string') throw refused(field)
  const names = choiceNames(field)
  const wanted = typecast ? raw.trim() : raw
  if (names.includes(wanted)) return wanted
  if (!typecast || wanted === '') {
    const message = `Insufficient permissions to create new select option "${JSON.stringify(raw)}"`
    throw unprocessable('INVALID_MULTIPLE_CHOICE_OPTIONS', message)
  }
  addChoice(field, wanted)
  return wanted
}

function toList(field: Field, raw: unknown, { typecast }: CellContext): unknown[] {
  if (Array.isArray(raw)) return [...new Set(raw)]
  if (!typecast || typeof raw !== 'string') throw refused(field)
  return raw
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function toLinks(field: Field, raw: unknown, context: CellContext): string[] {
  const other = field.link!.table
  if (!Array.isArray(raw) && !context.typecast) {
    throw unprocessable('INVALID_RECORD_ID', `Value ${JSON.stringify(raw)} is not an array of record IDs.`)
  }
  return toList(field, raw, context).map((item) => {
    const id = typeof item === 'object' && item && 'id' in item ? item.id : item
    if (typeof id !== 'string')
      throw unprocessable('INVALID_RECORD_ID', `Value "${String(id)}" is not a valid record ID.`)
    if (context.hasRow(other, id)) return id
    const isId = /^rec[A-Za-z0-9]{14}$/.test(id)
    if (!isId && context.typecast) return context.linkByName(other, id)
    if (!isId) throw unprocessable('INVALID_RECORD_ID', `Value "${id}" is not a valid record ID.`)
    throw unprocessable('ROW_DOES_NOT_EXIST', `Record ID ${id} does not exist`)
  })
}

const mediaTypes: Record<string, string> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
}

function toAttachments(field: Field, raw: unknown, previous: CellValue | undefined): Attachment[] {
  if (!Array.isArray(raw)) throw refused(field)
  const kept = Array.isArray(previous) ? previous.filter((item) => typeof item === 'object') : []
  return raw.map((item: { id?: unknown; url?: unknown; filename?: unknown } | null) => {
    const same = kept.find((one) => one.id === item?.id)
    if (same) return same
    if (typeof item?.url !== 'string' || !URL.canParse(item.url)) {
      throw unprocessable('INVALID_ATTACHMENT_OBJECT', `Invalid attachment object: ${JSON.stringify(item)}`)
    }
    const inUrl = decodeURIComponent(new URL(item.url).pathname.split('/').at(-1) || 'file')
    const filename = typeof item.filename === 'string' ? item.filename : inUrl
    const type = mediaTypes[filename.split('.').at(-1)!.toLowerCase()] ?? 'application/octet-stream'
    return { id: newId('att'), url: item.url, filename, size: 0, type }
  })
}
