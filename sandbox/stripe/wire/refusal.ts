// Errors in Stripe's own shape; operation.ts answers them.
export type StripeError = {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  code?: string
  message: string
  param?: string
  doc_url?: string
  charge?: string
  decline_code?: string
  payment_intent?: unknown
}

export class StripeRefusal extends Error {
  readonly status: number
  readonly error: StripeError
  /** Refused by validation: Stripe does not keep such a result under the idempotency key. */
  readonly isValidation: boolean

  constructor(status: number, error: StripeError, isValidation = false) {
    super(error.message)
    this.status = status
    this.error = { ...error, ...(error.code && { doc_url: docUrl(error.code) }) }
    this.isValidation = isValidation
  }
}

const docUrl = (code: string) => `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`

/** A malformed request; nothing has happened. */
export function invalid(message: string, param?: string, code?: string): StripeRefusal {
  return new StripeRefusal(
    400,
    { type: 'invalid_request_error', ...(code && { code }), message, ...(param && { param }) },
    true,
  )
}

/** A well-formed request that is impossible in the present state. */
export function impossible(message: string, param?: string, code?: string): StripeRefusal {
  return new StripeRefusal(400, {
    type: 'invalid_request_error',
    ...(code && { code }),
    message,
    ...(param && { param }),
  })
}

export const missingParam = (param: string) =>
  invalid(`Missing required param: ${param}.`, param, 'parameter_missing')

/** 404 when the id is in the path, 400 when it is a parameter. */
export function noSuch(kind: string, id: string, param?: string): StripeRefusal {
  const error = {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param: param ?? 'id',
  } as const
  return new StripeRefusal(param ? 400 : 404, error)
}

/** Refuses what the real service does but this stand-in does not, instead of doing half of it. */
export const notCovered = (what: string, param?: string) =>
  invalid(`The sandbox does not cover ${what}.`, param)
