// The shape of every stand-in. The core matches a request to an operation, journals it, applies faults and
// limits, authenticates and runs it; a provider only says what its service would answer.
import type { Clock } from './clock.ts'
import type { Store } from './store.ts'

export type ProviderName = 'stripe' | 'twilio' | 'calcom' | 'daily' | 'airtable'

export type ProviderRequest = {
  method: string
  /** Path without the query, as sent. */
  path: string
  /** Values of the `:name` parts of the operation's path, URI-decoded. */
  params: Record<string, string>
  query: URLSearchParams
  /** Lower-case header names. */
  headers: Record<string, string>
  /** The raw body as text; '' when there is none. */
  body: string
}

export type ProviderAnswer = {
  status: number
  headers?: Record<string, string>
  /** An object is sent as JSON; a string as it stands; undefined sends no body. */
  body?: unknown
}

export type Operation = {
  /** Stable dotted name without the provider: `checkout.sessions.create`. Faults and the journal use it. */
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Hono path: `/v1/transfers/:id`. */
  path: string
  handle: (request: ProviderRequest, ctx: SandboxContext) => ProviderAnswer | Promise<ProviderAnswer>
}

export type Provider = {
  name: ProviderName
  operations: Operation[]
  /** Says whether an unmatched path belongs to this provider, so that its own 404 shape is used. */
  owns: (path: string, headers: Record<string, string>) => boolean
  /** Credentials and version headers; an answer refuses the request, undefined lets it pass. */
  authenticate: (
    request: ProviderRequest,
    operation: Operation,
    ctx: SandboxContext,
  ) => ProviderAnswer | undefined
  /** The provider's real rate limit; an answer refuses. Called only while limits are on. */
  limit: (request: ProviderRequest, operation: Operation, ctx: SandboxContext) => ProviderAnswer | undefined
  /** An error in the provider's own shape, for faults and for operations that are not covered (404). */
  error: (
    status: number,
    reason: 'not_covered' | 'internal' | 'rate_limited' | 'unavailable' | 'malformed_request',
  ) => ProviderAnswer
  /** A refusal with a code of its own, in the provider's shape, for faults. */
  refuse?: (status: number, code: string, sentence: string) => ProviderAnswer
  /**
   * For a service with idempotency keys: it acted and would have answered `acted`, but fails with `failure`.
   */
  keepFailure?: (
    request: ProviderRequest,
    acted: ProviderAnswer,
    failure: ProviderAnswer,
    ctx: SandboxContext,
  ) => void
  /** For a service that counts failed deliveries: called after each attempt. */
  attempted?: (delivery: Delivery, isDelivered: boolean, ctx: SandboxContext) => void
  /** Headers that sign one delivery attempt. `timestampMs` is the sandbox clock at this attempt. */
  sign: (delivery: Delivery, secret: string, timestampMs: number) => Record<string, string>
  /** Milliseconds to wait before each retry of a delivery; the length is the number of retries. */
  retryDelaysMs: number[]
  /** Handlers of timers set with `ctx.schedule`, by kind. */
  timers: Record<string, (data: never, ctx: SandboxContext) => void | Promise<void>>
  /**
   * Called at every start, once the store is open: seeds an empty store, registers endpoints at ctx.appUrl.
   */
  start: (ctx: SandboxContext) => void | Promise<void>
}

/** One webhook on its way. `id` is the provider's event id where it has one (duplicates keep it). */
export type Delivery = {
  id: string
  provider: ProviderName
  /** What it says, for the journal: `checkout.session.completed`. */
  type: string
  url: string
  contentType: 'application/json' | 'application/x-www-form-urlencoded'
  body: string
  /** Extra headers besides the signature. */
  headers?: Record<string, string>
}

export type SandboxContext = {
  store: Store
  clock: Clock
  /** Own public address without a trailing slash: http://localhost:3001 */
  baseUrl: string
  /** Address of the application whose webhooks are pre-registered: http://localhost:3000 */
  appUrl: string
  /** Accepted credentials by environment name; made at first start, kept in the store. */
  keys: Record<string, string>
  limitsOn: () => boolean
  /** Stores the delivery in the current transaction; it is sent soon, signed, with the provider's retries. */
  deliver: (delivery: Delivery) => void
  /** Runs `timers[kind]` of the provider at `atMs` of the sandbox clock, also after a restart. */
  schedule: (provider: ProviderName, kind: string, atMs: number, data: unknown) => void
  /** Tells open console pages that something changed. */
  changed: (topic: string) => void
  log: (line: string) => void
}
