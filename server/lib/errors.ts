// Errors are named facts. A Refusal is an answer, not a crash, and only http/errors.ts knows its HTTP status.
import { withoutSecrets } from './secrets.ts'

export type RefusalCode =
  | 'not_signed_in'
  | 'not_found'
  | 'not_allowed'
  | 'consent_needed'
  | 'invalid_input'
  | 'host_unavailable'
  | 'time_taken'
  | 'time_not_offered'
  | 'member_busy'
  | 'session_expired'
  | 'already_scheduled'
  | 'not_scheduled'
  | 'too_late_to_move'
  | 'not_refundable'
  | 'wrong_code'
  | 'wrong_old_code'
  | 'number_taken'
  | 'leaving'
  | 'codes_unavailable'
  | 'session_over'
  | 'room_not_open'
  | 'calendar_unavailable'
  | 'payment_unavailable'
  | 'video_unavailable'
  | 'onboarding_unavailable'
  | 'service_unavailable'
  | 'too_many_requests'
  | 'signature_invalid'
  | 'body_too_large'
  | 'switched_off'
  | 'conflict'

/** A refused request. `message` is a whole sentence that a person can act on. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly details: Record<string, unknown> | undefined
  constructor(code: RefusalCode, message: string, details?: Record<string, unknown>) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.details = details
  }
}

/** The same answer for what does not exist and for what is somebody else's, so that ids reveal nothing. */
export function notFound(what: string): Refusal {
  return new Refusal(
    'not_found',
    `We can't find that ${what}. It may have been removed, or the link is incomplete.`,
  )
}

/**
 * A call to an outside service failed. `ambiguous` is true where the service may have acted all the same (a
 * time-out, a broken connection, a 5xx): the act must be looked up before it is repeated.
 */
export class ProviderError extends Error {
  readonly provider: string
  readonly ambiguous: boolean
  readonly status: number | undefined
  readonly code: string | undefined
  constructor(
    provider: string,
    message: string,
    facts: { ambiguous: boolean; status?: number | undefined; code?: string | undefined; cause?: unknown },
  ) {
    super(`${provider}: ${withoutSecrets(message)}`, { cause: plainCause(facts.cause) })
    this.name = 'ProviderError'
    this.provider = provider
    this.ambiguous = facts.ambiguous
    this.status = facts.status
    this.code = facts.code
  }
}

/** What a package threw, without its request: that holds the headers, and so the keys. */
function plainCause(cause: unknown): Error | undefined {
  if (!(cause instanceof Error)) return undefined
  const plain = new Error(withoutSecrets(cause.message))
  plain.name = cause.name
  if (cause.stack) plain.stack = withoutSecrets(cause.stack)
  return plain
}

/** Nothing is wrong, but something has to happen first: try again later. */
export class NotYet extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotYet'
  }
}
