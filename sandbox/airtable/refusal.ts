// Airtable's errors: one status, one type, one sentence.
import type { ProviderAnswer } from '../core/provider.ts'

/** Thrown while a request is being read and checked, before anything was written. */
export class Refusal extends Error {
  readonly answer: ProviderAnswer

  constructor(status: number, type: string, message: string) {
    super(message)
    this.answer = { status, body: { error: { type, message } } }
  }
}

export const unprocessable = (type: string, message: string) => new Refusal(422, type, message)

export const invalidRequest = (detail = 'parameter validation failed. Check your request data.') =>
  unprocessable('INVALID_REQUEST_UNKNOWN', `Invalid request: ${detail}`)

/** Airtable does not say whether a base or table is missing or merely hidden. */
export const noSuchModel = () =>
  new Refusal(
    403,
    'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND',
    'Invalid permissions, or the requested model was not found. Check that both your user and your token have the required ' +
      'permissions, and that the model names and/or ids are correct.',
  )

export const noSuchRow = (id: string) =>
  unprocessable('ROW_DOES_NOT_EXIST', `Record ID ${id} does not exist in this table`)

export const unknownField = (name: string) =>
  unprocessable('UNKNOWN_FIELD_NAME', `Unknown field name: "${name}"`)

/** The short 404 of an unknown record or webhook. */
export const notFound: ProviderAnswer = { status: 404, body: { error: 'NOT_FOUND' } }

export const rateLimited: ProviderAnswer = {
  status: 429,
  body: { errors: [{ error: 'RATE_LIMIT_REACHED', message: 'Rate limit exceeded. Please try again later' }] },
}
