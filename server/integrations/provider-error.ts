// Shared by the five integrations: which failures are ambiguous, so that the service may have acted.
import { ProviderError } from '../lib/errors.ts'
import { noteFailure, operationOf, requestIdIn } from './failure-log.ts'

/** How long any integration waits for an answer. */
export const timeoutMs = 8_000

/** A 4xx means that nothing was done; a 5xx, a time-out or a broken connection is ambiguous. */
export function statusIsAmbiguous(status: number | undefined): boolean {
  return status === undefined || status >= 500 || status === 408
}

/** Nothing was done, and a retry would not help: no time-out, no rate limit, no wrong key. */
export function isFinalRefusal(error: unknown): error is ProviderError {
  return error instanceof ProviderError && !error.ambiguous && error.status !== 429 && error.status !== 401
}

export type HttpAnswer = {
  status: number
  body: unknown
  /** The service's retry-after, which is in seconds on the wire. */
  retryAfterMs?: number
}

/**
 * One JSON request by fetch. Throws ProviderError where no answer or no JSON comes, never for a status. Noted
 * is every refusal but those in `expects`, which are an answer; what is to be deleted may be gone already.
 */
export async function requestJson(
  provider: string,
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: unknown
    isExpected?: boolean
    expects?: number[]
    hostId?: string
  },
): Promise<HttpAnswer> {
  let response: Response
  const expects = init.method === 'DELETE' ? [404, ...(init.expects ?? [])] : (init.expects ?? [])
  const failed = (answer?: { response: Response; body: unknown }, message = '') => {
    if (answer && expects.includes(answer.response.status)) return
    noteFailure({
      provider,
      operation: operationOf(init.method, url),
      status: answer?.response.status,
      requestId: answer && requestIdIn((name) => answer.response.headers.get(name)),
      ...saidIn(answer?.body, message),
      ...(init.isExpected ? { isExpected: true } : {}),
      ...(init.hostId ? { hostId: init.hostId } : {}),
    })
  }
  try {
    response = await fetch(url, {
      method: init.method,
      headers: {
        accept: 'application/json',
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (cause) {
    failed(undefined, cause instanceof Error ? cause.message : '')
    throw new ProviderError(provider, `no answer from ${new URL(url).pathname}`, { ambiguous: true, cause })
  }
  const text = await response.text()
  const retryAfter = Number.parseFloat(response.headers.get('retry-after') ?? '')
  const answer = {
    status: response.status,
    ...(Number.isNaN(retryAfter) ? {} : { retryAfterMs: retryAfter * 1000 }),
  }
  if (text === '') {
    if (!response.ok) failed({ response, body: undefined })
    return { ...answer, body: undefined }
  }
  try {
    const body: unknown = JSON.parse(text)
    if (!response.ok) failed({ response, body })
    return { ...answer, body }
  } catch (cause) {
    failed({ response, body: undefined }, 'an answer that is not JSON')
    throw new ProviderError(provider, `an answer that is not JSON from ${new URL(url).pathname}`, {
      ambiguous: init.method !== 'GET' && statusIsAmbiguous(response.ok ? undefined : response.status),
      status: response.status,
      cause,
    })
  }
}

/** The code and sentence of a refusal: `{error: {code | type, message}}`, `{error, info}`, `{error}`. */
function saidIn(body: unknown, otherwise: string): { code: string | undefined; message: string } {
  const said = body as
    | {
        errors?: { error?: string; message?: string }[]
        error?: string | { code?: string; type?: string; message?: string }
        info?: string
      }
    | undefined
    | null
  const [first] = said?.errors ?? []
  if (first) return { code: first.error, message: String(first.message ?? otherwise) }
  const error = said?.error
  if (typeof error === 'string') return { code: error, message: String(said?.info ?? error) }
  return {
    code: error?.code ?? error?.type,
    message: String(error?.message ?? otherwise),
  }
}
