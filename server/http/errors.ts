// The only file that knows status numbers. Answers are application/problem+json (RFC 9457) with a stable
// `code`.
import type { Context as HonoContext } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { violatedConstraint } from '../db/client.ts'
import { isDatabaseAway } from '../db/circuit-breaker.ts'
import { sentenceFor } from '../integrations/our-fault.ts'
import { ProviderError, Refusal, type RefusalCode } from '../lib/errors.ts'

const statusOf: Record<RefusalCode, ContentfulStatusCode> = {
  not_signed_in: 401,
  not_found: 404,
  not_allowed: 403,
  consent_needed: 403,
  invalid_input: 400,
  host_unavailable: 409,
  time_taken: 409,
  time_not_offered: 409,
  member_busy: 409,
  session_expired: 409,
  already_scheduled: 409,
  not_scheduled: 409,
  too_late_to_move: 409,
  not_refundable: 409,
  wrong_code: 400,
  wrong_old_code: 400,
  number_taken: 409,
  leaving: 409,
  codes_unavailable: 503,
  session_over: 410,
  room_not_open: 409,
  calendar_unavailable: 503,
  payment_unavailable: 503,
  video_unavailable: 503,
  onboarding_unavailable: 503,
  service_unavailable: 503,
  too_many_requests: 429,
  signature_invalid: 401,
  body_too_large: 413,
  switched_off: 409,
  conflict: 409,
}

const titleOf: Partial<Record<ContentfulStatusCode, string>> = {
  400: 'The request is not in the right form',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible now',
  410: 'Over',
  413: 'Too large',
  429: 'Too many requests',
  500: 'Something went wrong',
  503: 'Not available at the moment',
}

export function problem(
  c: HonoContext,
  status: ContentfulStatusCode,
  code: string,
  detail: string,
  extra?: Record<string, unknown>,
): Response {
  const body = {
    ...extra,
    type: `urn:presence:${code}`,
    title: titleOf[status] ?? 'Refused',
    status,
    code,
    detail,
  }
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}

/** A library's refusal, `{code, message}`, in our shape. Its headers stay (cookies, retry-after). */
export async function asProblem(c: HonoContext, response: Response): Promise<Response> {
  if (response.ok || response.status < 400) return response
  const said = (await response.json().catch(() => ({}))) as { code?: unknown; message?: unknown } | null
  const code = typeof said?.code === 'string' ? said.code.toLowerCase() : 'sign_in_refused'
  const sentence =
    typeof said?.message === 'string' && said.message !== ''
      ? said.message.replace(/[^.!?]$/, '$&.')
      : 'This could not be done. Please try again.'
  const answer = problem(c, response.status as ContentfulStatusCode, code, sentence)
  for (const [name, value] of response.headers)
    if (!name.startsWith('content-')) answer.headers.append(name, value)
  return answer
}

/** Maps a route's error. A Refusal is an answer; any other error is our fault, logged and never shown. */
export function answerError(error: Error, c: HonoContext): Response {
  const wait = error instanceof Refusal && error.details?.['retryAfterSeconds']
  if (typeof wait === 'number') c.header('retry-after', String(wait))
  if (error instanceof Refusal)
    return problem(c, statusOf[error.code], error.code, error.message, error.details)
  if (error instanceof HTTPException && error.status < 500) {
    return problem(c, 400, 'invalid_input', 'This request could not be read. Its body must be valid JSON.')
  }
  // Two who were kept apart at this very moment: the database has the last word.
  if (violatedConstraint(error) === 'no_meeting_of_a_blocked_pair')
    return problem(
      c,
      409,
      'host_unavailable',
      'This host is not taking sessions at the moment. Please choose another.',
    )
  // It was logged where it arrived, and an operator has a task where it is about us.
  if (error instanceof ProviderError)
    return problem(
      c,
      503,
      'service_unavailable',
      sentenceFor(error, 'This could not be done just now. Nothing was lost; please try again in a moment.'),
    )
  if (isTextRefused(error))
    return problem(
      c,
      400,
      'invalid_input',
      'This request holds a character that cannot be stored. Please remove it.',
    )
  if (isDatabaseAway(error)) {
    console.warn(`${c.req.method} ${c.req.path} could not reach the database: ${error.message}`)
    c.header('retry-after', '2')
    return problem(
      c,
      503,
      'database_unreachable',
      'Presence cannot reach its records just now. Please try again in a few seconds.',
    )
  }
  console.error(`${c.req.method} ${c.req.path} failed:`, error)
  return problem(c, 500, 'internal', 'Something went wrong on our side. Nothing was lost; please try again.')
}

/** PostgreSQL keeps no NUL characters, in text (22021) or in JSON (22P05). */
function isTextRefused(error: Error): boolean {
  return 'code' in error && (error.code === '22021' || error.code === '22P05')
}
