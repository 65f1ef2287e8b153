// One request to a stand-in: journal, fault, credentials, limit, act, fault, journal.
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, Hono } from 'hono'
import { setTimeout as sleep } from 'node:timers/promises'
import { callFaults } from './faults.ts'
import type { CallFault, Fault, Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import type { Operation, Provider, ProviderAnswer, ProviderRequest, SandboxContext } from './provider.ts'

type Env = { Bindings: HttpBindings }
type Core = { ctx: SandboxContext; faults: Faults; journal: Journal }

const slowMs = 2000
const notCovered = 'not_covered'

/** Adds every operation of the providers; any other path gets its owner's 404. */
export function addProviders(app: Hono<Env>, providers: Provider[], core: Core): void {
  for (const provider of providers) {
    for (const operation of provider.operations) {
      app.on(operation.method, operation.path, async (c) => run(c, provider, operation, core))
    }
  }
  app.notFound(async (c) => {
    const path = new URL(c.req.url).pathname
    const owner = providers.find((provider) => provider.owns(path, c.req.header()))
    if (!owner) return c.json({ error: 'The sandbox has nothing at this address.' }, 404)
    core.ctx.log(`the sandbox does not cover ${owner.name} ${c.req.method} ${path}`)
    const handle = () => owner.error(404, 'not_covered')
    return run(c, owner, { name: notCovered, method: 'GET', path, handle }, core)
  })
}

async function run(c: Context<Env>, provider: Provider, operation: Operation, core: Core): Promise<Response> {
  const { ctx, faults, journal } = core
  const startedAt = performance.now()
  const request = await read(c)
  const entry = journal.add({
    kind: 'call',
    provider: provider.name,
    operation: operation.name,
    method: request.method,
    url: request.path + (request.query.size ? `?${request.query}` : ''),
    at: new Date(ctx.clock.now()).toISOString(),
    requestHeaders: request.headers,
    requestBody: request.body,
  })
  const fault = faults.strike(provider.name, operation.name, callFaults, ctx.clock.now())
  if (fault?.kind === 'slow') await sleep(fault.delayMs ?? slowMs)
  const answer =
    before(provider, fault) ??
    after(provider, fault, await act(provider, operation, request, ctx), (acted, failure) =>
      provider.keepFailure?.(request, acted, failure, ctx),
    )
  const durationMs = Math.round(performance.now() - startedAt)
  const changes = { durationMs, ...(fault ? { fault: fault.kind } : {}) }
  ctx.changed(`${provider.name}.${operation.name}`)
  if (answer === 'silence') {
    journal.update(entry.id, { ...changes, note: 'acted, never answered' })
    await sleep(fault?.delayMs ?? 0)
    c.env.incoming.socket.destroy()
    return RESPONSE_ALREADY_SENT
  }
  const response = respond(answer)
  journal.update(entry.id, { ...changes, status: answer.status, responseBody: response.text })
  return new Response(response.text === '' ? null : response.text, {
    status: answer.status,
    headers: response.headers,
  })
}

async function read(c: Context<Env>): Promise<ProviderRequest> {
  const url = new URL(c.req.url)
  return {
    method: c.req.method,
    path: url.pathname,
    params: c.req.param(),
    query: url.searchParams,
    headers: c.req.header(),
    body: await c.req.text(),
  }
}

function before(
  provider: Provider,
  fault: (Fault & { kind: CallFault }) | undefined,
): ProviderAnswer | undefined {
  if (fault?.kind === 'error_before')
    return fault.code === undefined || !provider.refuse
      ? provider.error(fault.status ?? 500, 'internal')
      : provider.refuse(fault.status ?? 400, fault.code, fault.sentence ?? fault.code)
  if (fault?.kind === 'rate_limit') {
    const answer = provider.error(fault.status ?? 429, 'rate_limited')
    return {
      ...answer,
      headers: { ...answer.headers, 'retry-after': String(Math.ceil((fault.delayMs ?? 1000) / 1000)) },
    }
  }
  if (fault?.kind === 'outage') return provider.error(fault.status ?? 503, 'unavailable')
  return undefined
}

/** What the caller gets: the answer, an error in its place, half of it, or nothing. */
function after(
  provider: Provider,
  fault: (Fault & { kind: CallFault }) | undefined,
  answer: ProviderAnswer,
  keepFailure: (acted: ProviderAnswer, failure: ProviderAnswer) => void,
): ProviderAnswer | 'silence' {
  if (fault?.kind === 'error_after') {
    const failure = provider.error(fault.status ?? 500, 'internal')
    keepFailure(answer, failure)
    return failure
  }
  if (fault?.kind === 'timeout_after') return 'silence'
  if (fault?.kind !== 'malformed') return answer
  const { text, headers } = respond(answer)
  return { status: answer.status, headers, body: `${text.slice(0, Math.floor(text.length / 2))}{` }
}

/** Runs the operation in one transaction, deliveries included, if it is synchronous. */
async function act(
  provider: Provider,
  operation: Operation,
  request: ProviderRequest,
  ctx: SandboxContext,
): Promise<ProviderAnswer> {
  try {
    return (
      refusal(provider, operation, request, ctx) ??
      (await ctx.store.transaction(() => operation.handle(request, ctx)))
    )
  } catch (error) {
    ctx.log(
      `${provider.name} ${operation.name} failed: ${error instanceof Error ? error.stack : String(error)}`,
    )
    return provider.error(500, 'internal')
  }
}

function refusal(
  provider: Provider,
  operation: Operation,
  request: ProviderRequest,
  ctx: SandboxContext,
): ProviderAnswer | undefined {
  // An uncovered path says so without a key too.
  if (operation.name === notCovered) return undefined
  return (
    provider.authenticate(request, operation, ctx) ??
    (ctx.limitsOn() ? provider.limit(request, operation, ctx) : undefined)
  )
}

function respond(answer: ProviderAnswer): { text: string; headers: Record<string, string> } {
  const { body, headers = {} } = answer
  if (body === undefined) return { text: '', headers }
  if (typeof body === 'string')
    return { text: body, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } }
  return { text: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }
}
