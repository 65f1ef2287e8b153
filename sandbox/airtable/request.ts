// What every Airtable operation starts with: base, table and body; and the shape of its refusals.
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { invalidRequest, noSuchModel, Refusal } from './refusal.ts'
import { findCalledTable } from './schema.ts'
import type { Table } from './schema.ts'

/** Answers a thrown Refusal in Airtable's shape; nothing has been written by then. */
export function answering(
  handle: (request: ProviderRequest, ctx: SandboxContext) => ProviderAnswer,
): Operation['handle'] {
  return (request, ctx) => {
    try {
      return handle(request, ctx)
    } catch (error) {
      if (error instanceof Refusal) return error.answer
      throw error
    }
  }
}

export function requireBase(request: ProviderRequest, ctx: SandboxContext): void {
  if (request.params['baseId'] !== ctx.keys['AIRTABLE_BASE_ID']) throw noSuchModel()
}

export function requireTable(request: ProviderRequest, ctx: SandboxContext): Table {
  requireBase(request, ctx)
  const table = findCalledTable(ctx.store, request.params['table'] ?? '')
  if (!table) throw noSuchModel()
  return table
}

/** The console stands for Airtable's own pages: what it sends is an operator's edit. */
export function isByHand(request: ProviderRequest, ctx: SandboxContext): boolean {
  return request.headers['origin']?.endsWith(`:${new URL(ctx.baseUrl).port}`) === true
}

/** The body as an object; 400 when it is not JSON. */
export function jsonBody(request: ProviderRequest): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(request.body || '{}')
  } catch {
    throw new Refusal(400, 'INVALID_REQUEST_BODY', 'Could not parse request body')
  }
  if (!isObject(body)) throw invalidRequest()
  return body
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
