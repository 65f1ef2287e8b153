// Errors in Stripe's own shape. Thrown by the code that notices, answered by operation.ts.
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
  /**
   * Refused before the endpoint began to act: Stripe does not keep such a result under the idempotency key.
   */
  readonly isValidation: boolean

  constructor(status: number, error: StripeError, isValidation = false) {
    super(error.message)
    this.status = status
    this.error = { ...error, ...(error.code && { doc_url: docUrl(error.code) }) }
    this.isValidation = isValidation
  }
}

const docUrl = (code: string) => `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`

/** A request that makes no sense as it is written; nothing has happened. */
export function invalid(message: string, param?: string, code?: string): StripeRefusal {
  return new StripeRefusal(
    400,
    { type: 'invalid_request_error', ...(code && { code }), message, ...(param && { param }) },
    true,
  )
}

/** A request that is well formed and was tried, but cannot be done in the present state of things. */
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

/** 404 when the id stood in the address, 400 when it came as a parameter. */
export function noSuch(kind: string, id: string, param?: string): StripeRefusal {
  const error = {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param: param ?? 'id',
  } as const
  return new StripeRefusal(param ? 400 : 404, error)
}

/** Something the real service can do and this stand-in cannot: said loudly instead of half done. */
export const notCovered = (what: string, param?: string) =>
  invalid(`The sandbox does not cover ${what}.`, param)
