// Answers in Daily's shapes. https://docs.daily.co/docs/rest-api/errors
import type { ProviderAnswer, ProviderRequest } from '../core/provider.ts'

export type DailyError =
  | 'authentication-error'
  | 'authorization-header-error'
  | 'json-parsing-error'
  | 'invalid-request-error'
  | 'rate-limit-error'
  | 'server-error'
  | 'not-found'

export const ok = (body: unknown): ProviderAnswer => ({ status: 200, body })

export const refused = (status: number, error: DailyError, info?: string): ProviderAnswer => ({
  status,
  body: { error, ...(info === undefined ? {} : { info }) },
})

export const invalid = (info: string) => refused(400, 'invalid-request-error', info)

export const unknownRoom = (name: string) => refused(404, 'not-found', `room ${name} not found`)

/** The body as an object ({} when empty), or the refusal of a body that is not one. */
export function jsonBody(
  request: ProviderRequest,
): { body: Record<string, unknown> } | { answer: ProviderAnswer } {
  if (request.body.trim() === '') return { body: {} }
  try {
    const parsed: unknown = JSON.parse(request.body)
    if (isRecord(parsed)) return { body: parsed }
    return { answer: invalid('the request body must be a JSON object') }
  } catch {
    return { answer: refused(400, 'json-parsing-error', 'the request body is not valid JSON') }
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Newest first, at most 100, with Daily's cursors. https://docs.daily.co/docs/rest-api/errors#pagination */
export function page<T>(oldestFirst: T[], query: URLSearchParams, idOf: (item: T) => string): T[] {
  const newestFirst = oldestFirst.toReversed()
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 100) || 100))
  const after = query.get('starting_after')
  const before = query.get('ending_before')
  if (after) {
    const at = newestFirst.findIndex((item) => idOf(item) === after)
    return at < 0 ? [] : newestFirst.slice(at + 1, at + 1 + limit)
  }
  if (before) {
    const at = newestFirst.findIndex((item) => idOf(item) === before)
    return at < 0 ? [] : newestFirst.slice(Math.max(0, at - limit), at)
  }
  return newestFirst.slice(0, limit)
}
