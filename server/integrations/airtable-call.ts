// One call of Airtable's Web API (https://airtable.com/developers/web/api), within its limit of five a second
// for a base.
import type { z } from 'zod'
import type { Config } from '../config.ts'
import type { BaseIds, BaseIdStore } from '../db/base-ids.ts'
import type { Semaphore } from '../calls/semaphore.ts'
import { ProviderError } from '../lib/errors.ts'
import { type HttpAnswer, requestJson, statusIsAmbiguous, timeoutMs } from './provider-error.ts'

export type AirtableClient = Config['airtable'] & {
  memory: { ids?: BaseIds | undefined }
  idStore?: BaseIdStore
  /** The caller has another way where this client is refused; no operator is told. */
  isTentative?: boolean
  /** Makes the call within the base's rate limit, over all processes; undefined where it was not made. */
  withPermit?: (call: () => Promise<HttpAnswer>) => Promise<HttpAnswer | undefined>
}

export function openAirtable(
  config: Config['airtable'],
  more: Pick<AirtableClient, 'idStore' | 'withPermit'> = {},
): AirtableClient {
  return { ...config, ...more, memory: {} }
}

/** Four of the five calls a second that Airtable allows: the fifth is for the operators' own programs. */
export const airtableSemaphore: Semaphore = {
  name: 'airtable',
  cooldownMs: 1_000,
  leaseMs: timeoutMs + 2_000,
  maxWaitMs: 10_000,
}

/** After too many calls Airtable refuses every call, for thirty seconds unless it says otherwise. */
export function refusedForMs({ status, retryAfterMs }: HttpAnswer): number {
  return status === 429 ? (retryAfterMs ?? 30_000) : 0
}

/** Calls a path under /v0. Throws ProviderError for every status of 400 and above. */
export async function callAirtable(
  airtable: AirtableClient,
  method: string,
  path: string,
  body?: unknown,
): Promise<HttpAnswer> {
  const call = () =>
    requestJson('airtable', `${airtable.apiUrl}/v0${path}`, {
      method,
      headers: { authorization: `Bearer ${airtable.accessToken}` },
      body,
      ...(airtable.isTentative ? { isExpected: true } : {}),
    })
  const answer = airtable.withPermit ? await airtable.withPermit(call) : await call()
  if (!answer)
    throw new ProviderError('airtable', 'too many calls are waiting', {
      ambiguous: false,
      status: 429,
      code: 'own_limit',
    })
  if (answer.status < 400) return answer
  const { type, message } = refusalOf(answer.body)
  throw new ProviderError('airtable', message ?? type ?? `status ${answer.status}`, {
    ambiguous: method !== 'GET' && statusIsAmbiguous(answer.status),
    status: answer.status,
    code: type,
  })
}

export function parseAirtable<Output>(shape: z.ZodType<Output>, answer: HttpAnswer): Output {
  const parsed = shape.safeParse(answer.body)
  if (parsed.success) return parsed.data
  throw new ProviderError('airtable', 'an answer of an unknown shape', {
    ambiguous: true,
    status: answer.status,
    cause: parsed.error,
  })
}

/** `{error: {type, message}}`, `{error: 'NOT_FOUND'}`, or `{errors: [{error, message}]}` for too many calls. */
function refusalOf(body: unknown): { type?: string; message?: string } {
  const many = (body as { errors?: { error?: string; message?: string }[] } | undefined)?.errors?.[0]
  if (many)
    return {
      ...(many.error ? { type: many.error } : {}),
      ...(many.message ? { message: many.message } : {}),
    }
  const error = body && typeof body === 'object' && 'error' in body ? body.error : undefined
  if (typeof error === 'string') return { type: error }
  return error && typeof error === 'object' ? (error as { type?: string; message?: string }) : {}
}
