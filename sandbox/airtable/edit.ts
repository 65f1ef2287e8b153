// One change of the base: collected in memory while it is checked, then written in one go.
import type { SandboxContext } from '../core/provider.ts'
import { toCell } from './cells.ts'
import type { CellContext, Cells } from './cells.ts'
import { newId } from './ids.ts'
import { unknownField } from './refusal.ts'
import { rowKind, rowsOf } from './rows.ts'
import type { Row } from './rows.ts'
import { addChoices, choicesOf, findField, findTable, primaryField } from './schema.ts'
import type { Field, Table } from './schema.ts'

/** A row before and after; `before` is missing for a new one, `after` for a deleted one. */
export type RowChange = { table: Table; id: string; before?: Row; after?: Row }

export type Edit = {
  row: (table: Table, id: string) => Row | undefined
  create: (table: Table, fields: Record<string, unknown>, id?: string) => Row
  /** PATCH leaves unnamed fields alone; `clearOthers` (PUT) empties them. */
  update: (table: Table, id: string, fields: Record<string, unknown>, clearOthers: boolean) => Row
  remove: (table: Table, id: string) => void
  /** Writes everything and answers what changed. */
  commit: () => RowChange[]
}

/** Nothing is written before `commit`, so a Refusal on the way leaves the base as it was. */
export function openEdit(ctx: SandboxContext, typecast: boolean): Edit {
  const { store } = ctx
  const changes = new Map<string, RowChange>()
  const newChoices = new Map<string, string[]>()
  const nowMs = ctx.clock.now()

  const change = (table: Table, id: string): RowChange => {
    const key = `${table.id}/${id}`
    const stored = store.get<Row>(rowKind(table.name), id)
    const found = changes.get(key) ?? {
      table,
      id,
      ...(stored ? { before: stored, after: structuredClone(stored) } : {}),
    }
    changes.set(key, found)
    return found
  }
  const row = (table: Table, id: string) => {
    const found = changes.get(`${table.id}/${id}`)
    return found ? found.after : store.get<Row>(rowKind(table.name), id)
  }
  const context: CellContext = {
    typecast,
    choiceNames: (field) => [
      ...choicesOf(store, field).map((choice) => choice.name),
      ...(newChoices.get(field.id) ?? []),
    ],
    addChoice: (field, name) => newChoices.set(field.id, [...(newChoices.get(field.id) ?? []), name]),
    hasRow: (tableName, id) => row(findTable(tableName)!, id) !== undefined,
    linkByName: (tableName, name) => {
      const table = findTable(tableName)!
      const { id: primaryId, name: primary } = primaryField(table)
      const made = [...changes.values()].find(
        (one) => one.table === table && one.after?.fields[primary] === name,
      )
      const stored = rowsOf(store, tableName).find((one) => one.fields[primary] === name)
      return made?.id ?? stored?.id ?? create(table, { [primaryId]: name }).id
    },
  }
  /** Keeps the inverse field of the other table in step, as Airtable's two-sided links do. */
  const mirror = (field: Field, id: string, before: string[], after: string[]) => {
    const other = findTable(field.link!.table)!
    const inverse = field.link!.inverse
    for (const otherId of new Set([...before, ...after])) {
      if (before.includes(otherId) === after.includes(otherId)) continue
      const linked = change(other, otherId).after
      if (!linked) continue
      const ids = ((linked.fields[inverse] as string[] | undefined) ?? []).filter((one) => one !== id)
      set(linked, inverse, after.includes(otherId) ? [...ids, id] : ids)
    }
  }
  const set = (target: Row, name: string, value: Cells[string] | undefined) => {
    target.modifiedAtMs = nowMs
    if (value === undefined || (Array.isArray(value) && value.length === 0)) delete target.fields[name]
    else target.fields[name] = value
  }
  const write = (table: Table, target: Row, fields: Record<string, unknown>) => {
    for (const [key, raw] of Object.entries(fields)) {
      const field = findField(store, table, key)
      if (!field) throw unknownField(key)
      const before = target.fields[field.name]
      const after = toCell(field, raw, before, context)
      set(target, field.name, after)
      if (field.link)
        mirror(
          field,
          target.id,
          (before as string[] | undefined) ?? [],
          (after as string[] | undefined) ?? [],
        )
    }
    return target
  }
  const create = (table: Table, fields: Record<string, unknown>, id = newId('rec')) => {
    const made: Row = { id, createdTime: new Date(nowMs).toISOString(), modifiedAtMs: nowMs, fields: {} }
    change(table, id).after = made
    return write(table, made, fields)
  }
  const update: Edit['update'] = (table, id, fields, clearOthers) => {
    const target = change(table, id).after!
    const named = new Set(Object.keys(fields).map((key) => findField(store, table, key)?.id))
    const others = clearOthers
      ? table.fields.filter(({ id, name }) => !named.has(id) && target.fields[name] !== undefined)
      : []
    return write(table, target, { ...Object.fromEntries(others.map(({ id }) => [id, null])), ...fields })
  }
  const remove = (table: Table, id: string) => {
    update(table, id, {}, true)
    delete change(table, id).after
  }
  const commit = () => {
    for (const [fieldId, names] of newChoices) addChoices(store, fieldId, names)
    for (const { table, id, after } of changes.values()) {
      if (after) store.put(rowKind(table.name), id, after)
      else store.delete(rowKind(table.name), id)
    }
    return [...changes.values()]
  }
  return { row, create, update, remove, commit }
}
