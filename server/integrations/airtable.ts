// The Airtable base in our words, on the official SDK (https://airtable.com/developers/web/api). We never create a
// record plainly: every write is an upsert on `Presence ID`, at most ten a request, through one writer per base.
import { createHmac, timingSafeEqual } from 'node:crypto'
import Airtable from 'airtable'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { ProviderError } from '../lib/errors.ts'
import { requestJson, statusIsAmbiguous, timeoutMs } from './provider-error.ts'

export type AirtableClient = { base: Airtable.Base; config: Config['airtable'] }

export function openAirtable(config: Config['airtable']): AirtableClient {
  const sdk = new Airtable({
    apiKey: config.accessToken,
    endpointUrl: config.apiUrl,
    requestTimeout: timeoutMs,
    noRetryIfRateLimited: true,
  })
  return { base: sdk.base(config.baseId), config }
}

type SdkError = { error?: string; message?: string; statusCode?: number }

function toProviderError(error: unknown): ProviderError {
  const { error: code, message, statusCode } = error as SdkError
  return new ProviderError('airtable', message ?? code ?? 'no answer', {
    ambiguous: statusIsAmbiguous(statusCode),
    status: statusCode,
    code,
    cause: error,
  })
}

export type Fields = Record<string, unknown>
export type AirtableRecord = { id: string; fields: Fields }

/** All records of a table, following every page. Empty cells are missing from `fields`. */
export async function readTable(airtable: AirtableClient, table: string): Promise<AirtableRecord[]> {
  try {
    const records = await airtable.base(table).select({ pageSize: 100 }).all()
    return records.map((record) => ({ id: record.id, fields: record.fields }))
  } catch (error) {
    throw toProviderError(error)
  }
}

export const recordsPerWrite = 10
const upsertAnswer = z.object({ records: z.array(z.object({ id: z.string(), fields: z.record(z.string(), z.unknown()) })) })

/**
 * Writes up to ten records, each found by its `Presence ID`. Answers the record id of each Presence ID.
 * The SDK has no method for upserts, so this is its general request.
 */
export async function upsertRecords(airtable: AirtableClient, table: string, records: Fields[]): Promise<Map<string, string>> {
  if (records.length > recordsPerWrite) throw new RangeError(`Airtable takes ${recordsPerWrite} records a write`)
  let body: unknown
  try {
    const answer = await airtable.base.makeRequest({
      method: 'PATCH',
      path: `/${encodeURIComponent(table)}`,
      body: {
        performUpsert: { fieldsToMergeOn: ['Presence ID'] },
        typecast: true,
        records: records.map((fields) => ({ fields })),
      },
    })
    body = answer.body
  } catch (error) {
    throw toProviderError(error)
  }
  const parsed = upsertAnswer.safeParse(body)
  if (!parsed.success) throw new ProviderError('airtable', 'an answer of an unknown shape', { ambiguous: true, cause: parsed.error })
  return new Map(parsed.data.records.map((record) => [String(record.fields['Presence ID']), record.id]))
}

const webhookAnswer = z.object({ id: z.string(), macSecretBase64: z.string(), expirationTime: z.string().optional() })

/** Asks Airtable to ping `notificationUrl` when a record of the base changes. Webhooks live seven days. */
export async function createAirtableWebhook(
  airtable: AirtableClient,
  notificationUrl: string,
): Promise<{ id: string; macSecret: string; expiresAt: Date | null }> {
  const answer = await requestJson('airtable', `${airtable.config.apiUrl}/v0/bases/${airtable.config.baseId}/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${airtable.config.accessToken}` },
    body: { notificationUrl, specification: { options: { filters: { dataTypes: ['tableData'] } } } },
  })
  const parsed = webhookAnswer.safeParse(answer.body)
  if (answer.status >= 400 || !parsed.success) {
    throw new ProviderError('airtable', `webhook not created (${answer.status})`, { ambiguous: true, status: answer.status })
  }
  const { id, macSecretBase64, expirationTime } = parsed.data
  return { id, macSecret: macSecretBase64, expiresAt: expirationTime ? new Date(expirationTime) : null }
}

/** Gives a webhook seven more days. False where Airtable does not know it any more. */
export async function refreshAirtableWebhook(airtable: AirtableClient, webhookId: string): Promise<boolean> {
  const answer = await requestJson('airtable', `${airtable.config.apiUrl}/v0/bases/${airtable.config.baseId}/webhooks/${webhookId}/refresh`, {
    method: 'POST',
    headers: { authorization: `Bearer ${airtable.config.accessToken}` },
  })
  if (answer.status === 404 || answer.status === 403) return false
  if (answer.status >= 400) throw new ProviderError('airtable', `webhook not refreshed (${answer.status})`, { ambiguous: false, status: answer.status })
  return true
}

/** X-Airtable-Content-MAC: `hmac-sha256=` and the hex HMAC of the raw body, keyed with the decoded secret. */
export function isAirtableMacValid(macSecretBase64: string, mac: string | undefined, rawBody: string): boolean {
  if (!mac) return false
  const digest = createHmac('sha256', Buffer.from(macSecretBase64, 'base64')).update(rawBody).digest('hex')
  const expected = Buffer.from(`hmac-sha256=${digest}`)
  const given = Buffer.from(mac)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
