// One request to the server. A refusal arrives as an ApiProblem with its code and a sentence for people;
// nothing else about the failure is ever shown.
import { withoutOverrides } from '../../server/lib/visible-text.ts'

export class ApiProblem extends Error {
  readonly code: string
  readonly status: number
  /** Free times near the refused one. */
  readonly nearest: string[]
  constructor(status: number, code: string, detail: string, nearest: string[] = []) {
    super(detail)
    this.nearest = nearest
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
  }
}

const unreachable = "We couldn't reach Presence. Check your connection and try again."
const unexplained = 'Something went wrong on our side. Please try again in a moment.'
const notUnderstood = "Something here isn't in the form we need. Please check what you entered and try again."

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  const facts = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const code = typeof facts['code'] === 'string' ? facts['code'].toLowerCase() : 'unknown'
  // The text of a schema error is for programs, not for people.
  const sentence = Array.isArray(facts['fields']) ? notUnderstood : (facts['detail'] ?? facts['message'])
  const nearest = Array.isArray(facts['nearest'])
    ? facts['nearest'].filter((one) => typeof one === 'string')
    : []
  return new ApiProblem(
    response.status,
    code,
    typeof sentence === 'string' && sentence !== '' ? sentence : unexplained,
    nearest,
  )
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export async function request<Answer>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } }
  if (signal) init.signal = signal
  if (method !== 'GET') {
    init.headers = { accept: 'application/json', 'content-type': 'application/json' }
    init.body = JSON.stringify(body ?? {}, (_key, value: unknown) =>
      typeof value === 'string' ? withoutOverrides(value) : value,
    )
  }
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiProblem(0, 'unreachable', unreachable)
  }
  if (!response.ok) throw await problemOf(response)
  return (response.status === 204 ? null : await response.json()) as Answer
}

export const get = <Answer>(path: string, signal?: AbortSignal) =>
  request<Answer>('GET', path, undefined, signal)
export const post = <Answer>(path: string, body?: unknown) => request<Answer>('POST', path, body)

/** The query string of all values that are not empty. */
export function query(values: Record<string, string | undefined>): string {
  const kept = Object.entries(values).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  return kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`
}
