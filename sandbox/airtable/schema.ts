// Tables and fields as Airtable describes them. Options added by typecast are in the store.
import type { Store } from '../core/store.ts'
import { baseTables } from './base.ts'
import type { FieldDefinition } from './field-definition.ts'
import { stableId } from './ids.ts'

export type Field = FieldDefinition & { id: string }

export type Table = { id: string; name: string; description: string; fields: Field[] }

/** Every table of the base; the first field of a table is its primary one. */
export const tables: Table[] = baseTables.map((table) => ({
  id: stableId('tbl', table.name),
  name: table.name,
  description: table.description,
  fields: table.fields.map((field) => ({ ...field, id: stableId('fld', `${table.name}/${field.name}`) })),
}))

export function findTable(idOrName: string): Table | undefined {
  return tables.find((table) => table.id === idOrName || table.name === idOrName)
}

type Named = { id: string; name: string }

const removed = (store: Store): string[] => store.get<string[]>('airtable.removed', 'fields') ?? []

/** The columns that the table has today. The cells of a removed one are kept, as Airtable's trash does. */
export function presentFields(store: Store, table: Table): Field[] {
  const gone = removed(store)
  return gone.length === 0 ? table.fields : table.fields.filter(({ id }) => !gone.includes(id))
}

/** An operator deletes a column, or restores it. False where there is none with this id. */
export function removeField(store: Store, id: string, isRemoved: boolean): boolean {
  if (!tables.some((table) => table.fields.some((field) => field.id === id))) return false
  const others = removed(store).filter((one) => one !== id)
  store.put('airtable.removed', 'fields', isRemoved ? [...others, id] : others)
  return true
}

/** The names that operators gave to tables and fields, by id. Cells stay stored under the original `name`. */
export function givenNames(store: Store): Record<string, string> {
  return store.get<Record<string, string>>('airtable.names', 'given') ?? {}
}

/** What a table or field is called today. */
export function shownName(store: Store, { id, name }: Named): string {
  return givenNames(store)[id] ?? name
}

export function rename(store: Store, id: string, name: string): boolean {
  if (!tables.some((table) => table.id === id || table.fields.some((field) => field.id === id))) return false
  store.put('airtable.names', 'given', { ...givenNames(store), [id]: name })
  return true
}

/** Finds a field by its id or by its present name. */
export function findField(store: Store, table: Table, idOrName: string): Field | undefined {
  return called(store, presentFields(store, table), idOrName)
}

export function findCalledTable(store: Store, idOrName: string): Table | undefined {
  return called(store, tables, idOrName)
}

function called<Thing extends Named>(store: Store, things: Thing[], idOrName: string): Thing | undefined {
  const given = givenNames(store)
  return things.find(({ id, name }) => id === idOrName || (given[id] ?? name) === idOrName)
}

export function primaryField(table: Table): Field {
  return table.fields[0]!
}

export type Choice = { id: string; name: string; color: string }

const colors = [
  'blueLight2',
  'cyanLight2',
  'tealLight2',
  'greenLight2',
  'yellowLight2',
  'orangeLight2',
  'redLight2',
  'pinkLight2',
  'purpleLight2',
  'grayLight2',
]

/** The options of a select field in their order: those of the base, then those that typecast added. */
export function choicesOf(store: Store, field: Field): Choice[] {
  const names = [...(field.choices ?? []), ...(store.get<string[]>('airtable.choices', field.id) ?? [])]
  return names.map((name, index) => ({
    id: stableId('sel', `${field.id}/${name}`),
    name,
    color: colors[index % colors.length]!,
  }))
}

export function addChoices(store: Store, fieldId: string, names: string[]): void {
  store.put('airtable.choices', fieldId, [
    ...(store.get<string[]>('airtable.choices', fieldId) ?? []),
    ...names,
  ])
}
