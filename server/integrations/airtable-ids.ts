// Tables and fields by their ids, since operators rename them. Each of our names is matched to an id once, by
// the base's schema (https://airtable.com/developers/web/api/get-base-schema), and keeps that id.
import { z } from 'zod'
import type { BaseIds } from '../db/base-ids.ts'
import { type AirtableClient, callAirtable, parseAirtable } from './airtable-call.ts'

type Named = { id: string; name: string }
const named = z.object({ id: z.string(), name: z.string() })
const schema = z.object({ tables: z.array(named.extend({ fields: z.array(named) })) })

/** Our names for the base's present ids: an id that still exists keeps our name after a rename. */
export function matchIds(known: Record<string, string>, found: Named[]): Record<string, string> {
  const present = new Set(found.map(({ id }) => id))
  const kept = Object.entries(known).filter(([, id]) => present.has(id))
  const [names, ids] = [new Set(kept.map(([name]) => name)), new Set(kept.map(([, id]) => id))]
  const added = found
    .filter(({ id, name }) => !ids.has(id) && !names.has(name))
    .map(({ id, name }) => [name, id])
  return Object.fromEntries([...kept, ...added])
}

/** Reads the schema and remembers the ids. Throws ProviderError. */
export async function learnIds(airtable: AirtableClient): Promise<BaseIds> {
  const known = airtable.memory.ids ?? (await airtable.idStore?.load()) ?? {}
  const { tables } = parseAirtable(
    schema,
    await callAirtable(airtable, 'GET', `/meta/bases/${airtable.baseId}/tables`),
  )
  const tableIds = matchIds(
    Object.fromEntries(Object.entries(known).map(([name, { id }]) => [name, id])),
    tables,
  )
  const ids = Object.fromEntries(
    Object.entries(tableIds).map(([name, id]) => [
      name,
      {
        id,
        fields: matchIds(
          known[name]?.id === id ? known[name].fields : {},
          tables.find((table) => table.id === id)!.fields,
        ),
      },
    ]),
  )
  airtable.memory.ids = ids
  if (JSON.stringify(ids) !== JSON.stringify(known)) await airtable.idStore?.save(ids)
  return ids
}

/** The ids as they were last learned, from memory or the database. */
export async function knownIds(airtable: AirtableClient): Promise<BaseIds> {
  airtable.memory.ids ??= await airtable.idStore?.load()
  return airtable.memory.ids ?? learnIds(airtable)
}
