// The Airtable base in our words. Every write is an upsert on `Presence ID`, never a plain creation, with at
// most ten records a request and one writer per base. Tables and fields are sent by id (airtable-ids.ts).
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { TableIds } from '../db/base-ids.ts'
import { ProviderError } from '../lib/errors.ts'
import { type AirtableClient, callAirtable, parseAirtable } from './airtable-call.ts'
import { knownIds, learnIds } from './airtable-ids.ts'

export type Fields = Record<string, unknown>
export type AirtableRecord = { id: string; fields: Fields }

const records = z.object({
  records: z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.unknown()) })),
  offset: z.string().optional(),
})

/**
 * All records of a table, with fields by our names. Empty cells are missing from `fields`. Throws what
 * `signal` says when it aborts.
 */
export async function readTable(
  airtable: AirtableClient,
  table: string,
  signal?: AbortSignal,
): Promise<AirtableRecord[]> {
  return withIds(airtable, table, [], async (ids, client) => {
    const names = new Map(Object.entries(ids.fields).map(([name, id]) => [id, name]))
    const rows: AirtableRecord[] = []
    for (let offset: string | undefined = ''; offset !== undefined;) {
      signal?.throwIfAborted()
      const query = new URLSearchParams({
        pageSize: '100',
        returnFieldsByFieldId: 'true',
        ...(offset ? { offset } : {}),
      })
      const page = parseAirtable(
        records,
        await callAirtable(client, 'GET', `/${airtable.baseId}/${encodeURIComponent(ids.id)}?${query}`),
      )
      for (const { id, fields } of page.records)
        rows.push({ id, fields: renamed(fields, (name) => names.get(name)) })
      offset = page.offset
    }
    return rows
  })
}

export const recordsPerWrite = 10
const idField = 'Presence ID'

/** Upserts up to ten records by their `Presence ID`. Returns the record id of each Presence ID. */
export async function upsertRecords(
  airtable: AirtableClient,
  table: string,
  written: Fields[],
): Promise<Map<string, string>> {
  if (written.length > recordsPerWrite)
    throw new RangeError(`Airtable takes ${recordsPerWrite} records a write`)
  return withIds(airtable, table, written.flatMap(Object.keys), async (ids, client) => {
    const idOf = (name: string) => ids.fields[name] ?? name
    const answer = await callAirtable(client, 'PATCH', `/${airtable.baseId}/${encodeURIComponent(ids.id)}`, {
      performUpsert: { fieldsToMergeOn: [idOf(idField)] },
      typecast: true,
      returnFieldsByFieldId: true,
      records: written.map((fields) => ({ fields: renamed(fields, idOf) })),
    })
    const made = parseAirtable(records, answer).records
    return new Map(made.map((record) => [String(record.fields[idOf(idField)]), record.id]))
  })
}

const changedRecord = z.object({ id: z.string() })

/** Changes some cells of one row that is not ours to upsert. Repeating it is harmless. */
export async function updateRecord(
  airtable: AirtableClient,
  table: string,
  recordId: string,
  fields: Fields,
): Promise<void> {
  await withIds(airtable, table, Object.keys(fields), async (ids) => {
    const path = `/${airtable.baseId}/${encodeURIComponent(ids.id)}/${encodeURIComponent(recordId)}`
    const named = renamed(fields, (name) => ids.fields[name] ?? name)
    parseAirtable(
      changedRecord,
      await callAirtable(airtable, 'PATCH', path, { fields: named, typecast: true }),
    )
  })
}

const deletedRecord = z.object({ id: z.string(), deleted: z.literal(true) })

/** Deletes a row for good. Airtable answers 403 or 404 also for one that is gone, so the table is looked at. */
export async function deleteRecord(airtable: AirtableClient, table: string, recordId: string): Promise<void> {
  try {
    await withIds(airtable, table, [], async (ids) => {
      const path = `/${airtable.baseId}/${encodeURIComponent(ids.id)}/${encodeURIComponent(recordId)}`
      parseAirtable(deletedRecord, await callAirtable(airtable, 'DELETE', path))
    })
  } catch (error) {
    if (!isUnknownName(error)) throw error
    const rows = await readTable(airtable, table)
    if (rows.some(({ id }) => id === recordId)) throw error
  }
}

/** Of our names for fields, those that the table has no column for, by its schema as last read. */
export async function missingFields(
  airtable: AirtableClient,
  table: string,
  names: string[],
): Promise<string[]> {
  const ids = (await knownIds(airtable))[table]
  return ids ? names.filter((name) => !ids.fields[name]) : []
}

function renamed(fields: Fields, nameOf: (name: string) => string | undefined): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const other = nameOf(name)
      return other === undefined ? [] : [[other, value]]
    }),
  )
}

/** Airtable's refusal of a table or field that does not exist, or no longer. */
const isUnknownName = (error: unknown) =>
  error instanceof ProviderError &&
  (error.status === 403 || error.status === 404 || error.code === 'UNKNOWN_FIELD_NAME')

/**
 * Acts with the known ids. Where one is missing or refused, reads the schema again, and uses the name of what
 * it does not contain.
 */
async function withIds<Result>(
  airtable: AirtableClient,
  table: string,
  fields: string[],
  act: (ids: TableIds, client: AirtableClient) => Promise<Result>,
): Promise<Result> {
  const known = (await knownIds(airtable))[table]
  const again = async () => act((await learnIds(airtable))[table] ?? { id: table, fields: {} }, airtable)
  if (!known || fields.some((name) => !known.fields[name])) return again()
  try {
    return await act(known, { ...airtable, isTentative: true })
  } catch (error) {
    if (!isUnknownName(error)) throw error
    return again()
  }
}

const webhook = z.object({
  id: z.string(),
  macSecretBase64: z.string(),
  expirationTime: z.string().nullish(),
})

/** Fields of a table whose edits cause a webhook. */
export type Watched = { table: string; fields: readonly string[] }

/** Makes Airtable ping `notificationUrl` when one of these fields changes. The webhook lives seven days. */
export async function createAirtableWebhook(
  airtable: AirtableClient,
  notificationUrl: string,
  watched: Watched[],
): Promise<{ id: string; macSecret: string; expiresAt: Date | null }> {
  const ids = await knownIds(airtable)
  const watchDataInFieldIds = watched.flatMap(({ table, fields }) =>
    fields.flatMap((field) => ids[table]?.fields[field] ?? []),
  )
  const filters = {
    dataTypes: ['tableData'],
    ...(watchDataInFieldIds.length > 0 ? { watchDataInFieldIds } : {}),
  }
  const answer = await callAirtable(airtable, 'POST', `/bases/${airtable.baseId}/webhooks`, {
    notificationUrl,
    specification: { options: { filters } },
  })
  const { id, macSecretBase64, expirationTime } = parseAirtable(webhook, answer)
  return { id, macSecret: macSecretBase64, expiresAt: expirationTime ? new Date(expirationTime) : null }
}

/** Extends a webhook by seven days. False where Airtable no longer has it. */
export async function refreshAirtableWebhook(airtable: AirtableClient, webhookId: string): Promise<boolean> {
  try {
    const client = { ...airtable, isTentative: true }
    await callAirtable(client, 'POST', `/bases/${airtable.baseId}/webhooks/${webhookId}/refresh`)
    return true
  } catch (error) {
    if (error instanceof ProviderError && (error.status === 404 || error.status === 403)) return false
    throw error
  }
}

/** X-Airtable-Content-MAC: `hmac-sha256=` and the hex HMAC of the raw body, keyed with the decoded secret. */
export function isAirtableMacValid(
  macSecretBase64: string,
  mac: string | undefined,
  rawBody: string,
): boolean {
  if (!mac) return false
  const digest = createHmac('sha256', Buffer.from(macSecretBase64, 'base64')).update(rawBody).digest('hex')
  const expected = Buffer.from(`hmac-sha256=${digest}`)
  const given = Buffer.from(mac)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
