// Columns whose check constraint lists the values they may hold: `check (status in ('open', 'paid'))`.
import type pg from 'pg'

export type CheckedColumn = { column: string; values: string[]; hasDefault: boolean }

/** The values of each such column, as `table.column`, in the order of the constraint. */
export async function readCheckedColumns(pool: pg.Pool): Promise<CheckedColumn[]> {
  const { rows } = await pool.query<{ column: string; definition: string; hasDefault: boolean }>(`
    select relname || '.' || attname as column, pg_get_constraintdef(pg_constraint.oid) as definition,
      atthasdef as "hasDefault"
    from pg_constraint
      join pg_class on pg_class.oid = conrelid
      join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'c' and cardinality(conkey) = 1 and connamespace = 'public'::regnamespace
    order by relname, attname`)
  return rows.flatMap(({ column, definition, hasDefault }) => {
    const values = valuesOf(definition)
    return values ? { column, values, hasDefault } : []
  })
}

/**
 * The values that a constraint lists, in PostgreSQL's own spelling of it: `in (...)` is printed as
 * `= ANY (ARRAY[...])`, and as `=` where there is one value. Undefined for a constraint of another kind.
 */
export function valuesOf(definition: string): string[] | undefined {
  const one = String.raw`'(?:[^']|'')*'::text`
  const [, list, single] =
    new RegExp(String.raw`^CHECK \(\(\w+ = (?:ANY \(ARRAY\[(${one}(?:, ${one})*)\]\)|(${one}))\)\)$`).exec(
      definition,
    ) ?? []
  const found = (list ?? single)?.matchAll(/'((?:[^']|'')*)'::text/g)
  return found && [...found].map(([, value]) => value!.replaceAll("''", "'"))
}
