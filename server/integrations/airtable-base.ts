// How the base is set up: its tables and the types of its fields, its webhooks, and what the token may do.
import { z } from 'zod'
import { ProviderError } from '../lib/errors.ts'
import { type AirtableClient, callAirtable, parseAirtable } from './airtable-call.ts'

const schemaAnswer = z.object({
  tables: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      fields: z.array(z.object({ id: z.string(), name: z.string(), type: z.string() })),
    }),
  ),
})
export type BaseTable = z.infer<typeof schemaAnswer>['tables'][number]

export async function fetchBaseTables(airtable: AirtableClient): Promise<BaseTable[]> {
  const answer = await callAirtable(airtable, 'GET', `/meta/bases/${airtable.baseId}/tables`)
  return parseAirtable(schemaAnswer, answer).tables
}

const webhooksAnswer = z.object({
  webhooks: z.array(
    z.object({
      id: z.string(),
      notificationUrl: z.string().nullish(),
      areNotificationsEnabled: z.boolean().optional(),
      expirationTime: z.string().nullish(),
    }),
  ),
})
export type BaseWebhook = z.infer<typeof webhooksAnswer>['webhooks'][number]

export async function listBaseWebhooks(airtable: AirtableClient): Promise<BaseWebhook[]> {
  const answer = await callAirtable(airtable, 'GET', `/bases/${airtable.baseId}/webhooks`)
  return parseAirtable(webhooksAnswer, answer).webhooks
}

/** Reads one row of a table, for the right to read. */
export async function tryReading(airtable: AirtableClient, tableId: string): Promise<void> {
  await callAirtable(
    airtable,
    'GET',
    `/${airtable.baseId}/${tableId}?pageSize=1&maxRecords=1&returnFieldsByFieldId=true`,
  )
}

/** Writes nothing: a row that does not exist is refused as such, or for the missing right (403). */
export async function tryWriting(airtable: AirtableClient, tableId: string): Promise<void> {
  try {
    await callAirtable(airtable, 'PATCH', `/${airtable.baseId}/${tableId}`, {
      records: [{ id: 'rec00000000000000', fields: {} }],
    })
  } catch (error) {
    if (!(error instanceof ProviderError) || ![404, 422].includes(error.status ?? 0)) throw error
  }
}
