// What every route shares: who is asking, ids as parameters, and the shapes of requests and answers.
import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { notFound, Refusal } from '../lib/errors.ts'
import { readableText } from '../lib/visible-text.ts'
import { isId } from '../lib/ids.ts'
import type { Context } from './context.ts'

/** Who is asking. `member`, `host` and `isOperator` are what this person may act as. */
export type Who = {
  personId: string
  mobileNumber: string
  member: { id: string; fullName: string; email: string | null; timeZone: string } | null
  host: { id: string; fullName: string } | null
  isOperator: boolean
  /** A host to whom Airtable gives this number, which is not confirmed yet. It opens nothing. */
  newHost: { id: string; opensAt: Date } | null
  signIn: { id: string; expiresAt: Date }
}

/** `address` is the requester's IP address. */
export type RequestEnv = { Variables: { ctx: Context; who: Who | null; address: string } }

type WithWho = { get: (key: 'who') => Who | null }

export function requireSignedIn(c: WithWho): Who {
  const who = c.get('who')
  if (!who) throw new Refusal('not_signed_in', 'Please sign in first.')
  return who
}

export function requireMember(c: WithWho): NonNullable<Who['member']> {
  const { member } = requireSignedIn(c)
  if (!member)
    throw new Refusal('not_allowed', 'This is for members. You are signed in as a host or an operator.')
  return member
}

/** A member who became a host or an operator uses what they paid for, and buys no more. */
export function requireBuyer(c: WithWho): NonNullable<Who['member']> {
  const { host, isOperator } = requireSignedIn(c)
  if (host || isOperator)
    throw new Refusal(
      'not_allowed',
      'Hosts and operators cannot buy sessions. What you have paid for stays yours.',
    )
  return requireMember(c)
}

export function requireHost(c: WithWho): NonNullable<Who['host']> {
  const { host } = requireSignedIn(c)
  if (!host) throw new Refusal('not_allowed', 'This is for hosts.')
  return host
}

export function requireOperator(c: WithWho): Who {
  const who = requireSignedIn(c)
  if (!who.isOperator) throw new Refusal('not_allowed', 'This is for operators.')
  return who
}

/** Members and hosts: whoever can have a session. */
export function requireParticipant(c: WithWho): Who {
  const who = requireSignedIn(c)
  if (!who.member && !who.host) throw new Refusal('not_allowed', 'This is for members and hosts.')
  return who
}

/** The words of `access` that ask who is signed in, with the check of each. */
const requirements = {
  public: () => undefined,
  'signed-in': requireSignedIn,
  participant: requireParticipant,
  member: requireMember,
  buyer: requireBuyer,
  host: requireHost,
  operator: requireOperator,
}
/** What a request without a sign-in must bring, and the check that refuses it: a signature, a link, a key. */
export type Proof = {
  by: 'webhook' | 'link' | 'key'
  check: (c: HonoContext<RequestEnv>) => unknown
}
/** Who may use a route. A proof names its check, so that no such route is without one. */
export type Access = keyof typeof requirements | Proof

const guards = new WeakMap<object, Access>()

/**
 * The guard of one route, in front of everything else that it does: `app.get('/path', guard('host'), ...)`.
 * The application refuses to start with a route that has none.
 */
export function guard(access: Access): MiddlewareHandler<RequestEnv> {
  const check = typeof access === 'string' ? requirements[access] : access.check
  const handler: MiddlewareHandler<RequestEnv> = async (c, next) => {
    await check(c)
    await next()
  }
  guards.set(handler, access)
  return handler
}

/** What a guard was made from; undefined for any other handler. */
export function accessOf(handler: object): Access | undefined {
  return guards.get(handler)
}

/** The ids under which this person may take part in a booking. */
export function participant(who: Who): { memberId?: string; hostId?: string } {
  return { ...(who.member ? { memberId: who.member.id } : {}), ...(who.host ? { hostId: who.host.id } : {}) }
}

/** A router that answers an invalid request with one clear refusal. */
export function router(): OpenAPIHono<RequestEnv> {
  return new OpenAPIHono<RequestEnv>({
    defaultHook: (result) => {
      if (!result.success) throw unknownId(result.error) ?? invalidInput(result.error)
    },
  })
}

export function invalidInput(error: {
  issues: readonly { path: readonly PropertyKey[]; message: string }[]
}): Refusal {
  const fields = error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }))
  const first = fields[0]
  const where = first?.field ? ` (${first.field}: ${first.message})` : first ? ` (${first.message})` : ''
  return new Refusal(
    'invalid_input',
    `Something in this request is missing or not in the right form${where}.`,
    { fields },
  )
}

/**
 * An id of ours. A malformed one is refused as `not_found`, like an unknown one. The OpenAPI document names
 * what it is the id of.
 */
export function idOf(what: string) {
  return z
    .string()
    .max(64)
    .refine(isId, { params: { notFound: what } })
    .openapi({ format: 'uuid', 'x-id-of': what })
}

/** Path parameters that are ids, by name: `idParams({ id: 'session' })` for `/bookings/{id}`. */
export function idParams<const Names extends Record<string, string>>(names: Names) {
  const shape = Object.entries(names).map(([name, what]) => [
    name,
    idOf(what).openapi({ param: { name, in: 'path' } }),
  ])
  return z.object(Object.fromEntries(shape) as { [Name in keyof Names]: ReturnType<typeof idOf> })
}

/** The refusal of a malformed id; undefined where something else is wrong. */
function unknownId(error: z.ZodError): Refusal | undefined {
  for (const issue of error.issues) {
    const what: unknown = issue.code === 'custom' ? issue.params?.['notFound'] : undefined
    if (typeof what === 'string') return notFound(what)
  }
  return undefined
}

/** `200` with this JSON, for a route's `responses`; problems are described once for all routes. */
export function answers<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { 200: { description, content: { 'application/json': { schema } } } } as const
}

export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true as const, content: { 'application/json': { schema } } }
}

/**
 * What a person wrote, without what would break or turn the text around it: it is shown beside other words.
 * Every text that is kept goes through here; tests/journey/hostile-texts.test.ts tries all of them.
 */
export const writtenText = () => z.string().overwrite(readableText)

/** A moment in a request. */
export const instant = z.iso.datetime({ offset: true, error: 'must be a time like 2027-03-01T09:00:00Z' })

/** The answers of requests that only change something. */
export const saved = answers(z.object({ isSaved: z.literal(true) }), 'Saved')
export const done = answers(z.object({ isDone: z.literal(true) }), 'Done')

/** A route of the API. `access` says who may use it, and installs the guard before anything is read. */
export function route<const Config extends RouteConfig & { access: Access }>(config: Config) {
  const { access, ...rest } = config
  return createRoute({
    ...rest,
    middleware: guard(access),
    'x-access': typeof access === 'string' ? access : access.by,
  })
}
