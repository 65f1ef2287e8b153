// An operation from its parameters and its act: decodes, checks, replays, runs in one transaction, expands.
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../../core/provider.ts'
import type { Cause } from './cause.ts'
import { expandPaths, type Expansion } from './expand.ts'
import { decodeForm } from './form.ts'
import { idempotencyKeyOf, replay, storeAnswer } from './idempotency.ts'
import { newId } from './ids.ts'
import { list, readParams, text, type Shape, type Values } from './params.ts'
import { invalid, notCovered, StripeRefusal } from './refusal.ts'
import { apiVersion } from './version.ts'

export type Call<S extends Shape> = Cause & {
  params: Values<S>
  /** The `:id` of the path. */
  id: string
  /** Every `:name` of the path. */
  pathParams: Record<string, string>
  /** The connected account the call is made for (`Stripe-Account`), where the operation allows it. */
  account: string | undefined
}

type OperationSpec<S extends Shape> = {
  name: string
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  params: S
  worksForAccounts?: boolean
  /** Returns the object to answer with; synchronous, because it runs in a transaction of the store. */
  act: (call: Call<S>) => unknown
}

const common = { expand: list(text) }

/** An operation that still has to be told how ids expand, which needs all resources. */
export type StripeOperation = (expansion: Expansion) => Operation

export function operation<S extends Shape>(spec: OperationSpec<S>): StripeOperation {
  return (expansion) => ({
    name: spec.name,
    method: spec.method,
    path: spec.path,
    handle: async (request, ctx) => {
      // Leaves the core's transaction: a refusal must roll back the act but keep its answer.
      await Promise.resolve()
      return handle(spec, expansion, request, ctx)
    },
  })
}

function handle<S extends Shape>(
  spec: OperationSpec<S>,
  expansion: Expansion,
  request: ProviderRequest,
  ctx: SandboxContext,
): ProviderAnswer {
  const requestId = newId('req', 14)
  let key: string | undefined
  let answer: ProviderAnswer
  try {
    key = idempotencyKeyOf(request)
    const replayed = key && replay(ctx, request, key)
    answer =
      replayed ||
      ctx.store.transaction(() => {
        const { expand, ...call } = callOf(spec, request, ctx, requestId, key)
        const body = expandPaths(ctx, expansion, spec.act(call), expand)
        const made: ProviderAnswer = { status: 200, body }
        if (key) storeAnswer(ctx, request, key, made, requestId)
        return made
      })
  } catch (error) {
    answer = failed(error, ctx)
    const isValidation = error instanceof StripeRefusal && error.isValidation
    if (key && !isValidation) storeAnswer(ctx, request, key, answer, requestId)
  }
  const headers = {
    'request-id': requestId,
    'stripe-version': apiVersion,
    ...(key && { 'idempotency-key': key }),
    ...answer.headers,
  }
  return { ...answer, headers }
}

/** The request, checked and read; `expand` are the paths it wants expanded. */
function callOf<S extends Shape>(
  spec: OperationSpec<S>,
  request: ProviderRequest,
  ctx: SandboxContext,
  requestId: string,
  key?: string,
): Call<S> & { expand: string[] } {
  const contentType = request.headers['content-type'] ?? ''
  if (
    spec.method === 'POST' &&
    request.body !== '' &&
    contentType &&
    !contentType.startsWith('application/x-www-form-urlencoded')
  ) {
    throw invalid('Invalid request (check that your POST content type is application/x-www-form-urlencoded).')
  }
  const account = request.headers['stripe-account']
  if (account && !spec.worksForAccounts)
    throw notCovered(`${spec.name} for a connected account (Stripe-Account)`)
  const fields = decodeForm(spec.method === 'POST' ? request.body : request.query.toString())
  const { expand = [], ...params } = readParams({ ...spec.params, ...common }, fields) as Values<S> & {
    expand?: string[]
  }
  return {
    ctx,
    expand,
    params: params as unknown as Values<S>,
    id: request.params['id'] ?? '',
    pathParams: request.params,
    account,
    request: { id: requestId, idempotency_key: key ?? null },
  }
}

function failed(error: unknown, ctx: SandboxContext): ProviderAnswer {
  if (error instanceof StripeRefusal) return { status: error.status, body: { error: error.error } }
  ctx.log(`stripe: ${error instanceof Error ? error.stack : String(error)}`)
  return internalError
}

export const internalError: ProviderAnswer = {
  status: 500,
  body: {
    error: { type: 'api_error', message: 'An unknown error occurred. We have been notified of the issue.' },
  },
}
