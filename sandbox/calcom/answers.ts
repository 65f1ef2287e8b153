// Answers in Cal.com's envelopes.
import type { ProviderAnswer, ProviderRequest } from '../core/provider.ts'

const names: Record<number, [code: string, title: string]> = {
  400: ['BadRequestException', 'Bad Request'],
  401: ['UnauthorizedException', 'Unauthorized'],
  403: ['ForbiddenException', 'Forbidden'],
  404: ['NotFoundException', 'Not Found'],
  422: ['UnprocessableEntityException', 'Unprocessable Entity'],
  429: ['ThrottlerException', 'Too Many Requests'],
  500: ['InternalServerErrorException', 'Internal Server Error'],
  503: ['ServiceUnavailableException', 'Service Unavailable'],
}

export const success = (data: unknown, status = 200): ProviderAnswer => ({
  status,
  body: { status: 'success', data },
})

export const addressOf = (request: ProviderRequest) =>
  request.path + (request.query.size > 0 ? `?${request.query}` : '')

export function failure(
  status: number,
  message: string,
  path = '',
  details?: Record<string, unknown>,
): ProviderAnswer {
  const [code, error] = names[status] ?? ['HttpException', 'Error']
  return {
    status,
    body: {
      status: 'error',
      timestamp: new Date().toISOString(),
      path,
      error: { code, message, details: { message, error, statusCode: status, ...details } },
    },
  }
}

/** Thrown when an act is refused; operations turn it into the answer. */
export class Refusal extends Error {
  readonly status: number
  readonly details: Record<string, unknown> | undefined
  constructor(status: number, message: string, details?: Record<string, unknown>) {
    super(message)
    this.status = status
    this.details = details
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function jsonBody(request: ProviderRequest): Record<string, unknown> {
  if (request.body.trim() === '') return {}
  try {
    const parsed: unknown = JSON.parse(request.body)
    if (isRecord(parsed)) return parsed
  } catch {
    throw new Refusal(400, 'Unexpected token in JSON')
  }
  throw new Refusal(400, 'The request body must be a JSON object')
}

export function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new Refusal(400, `${name} must be a string`)
  return value
}

export const optionalText = (value: unknown, name: string) =>
  value === undefined || value === null ? undefined : text(value, name)

export function whole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Refusal(400, `${name} must be a number`)
  return value
}

/** Milliseconds of an ISO 8601 time; without a zone it counts as UTC. */
export function instant(value: unknown, name: string): number {
  const given = text(value, name)
  const isIso = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(given)
  const ms = isIso
    ? Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(given.slice(10)) || given.length === 10 ? given : `${given}Z`)
    : NaN
  if (Number.isNaN(ms)) throw new Refusal(400, `${name} must be a valid ISO 8601 date string`)
  return ms
}

export function timeZone(value: unknown, name: string): string {
  const zone = text(value, name)
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format()
    return zone
  } catch {
    throw new Refusal(400, `${name} must be a valid IANA time-zone`)
  }
}
