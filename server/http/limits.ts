// Enforces the limits of server/lib/limits.ts: fixed windows, counted in the database for all processes.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { type Db, inTransaction } from '../db/client.ts'
import { addOperatorTask } from '../db/operator-tasks.ts'
import { Refusal } from '../lib/errors.ts'
import { type Limit, limitedRoutes, type LimitedBy, limits, maxOf } from '../lib/limits.ts'
import { countryOf } from '../lib/phone-number.ts'
import { now } from '../lib/time.ts'
import type { Context } from '../journey/context.ts'
import { accessOf, type RequestEnv } from '../journey/request.ts'

/** Who asks, as far as it is known. What is unknown is not limited by. */
type Asker = Partial<Record<LimitedBy, string | undefined>>

const whatOf = new Map(
  Object.entries(limitedRoutes).flatMap(([what, routes]) =>
    routes.map((route) => [route, what as Limit['what']]),
  ),
)

/** Limits a request by the route that will answer it. Codes are limited where they are sent. */
export const limitRequests: MiddlewareHandler<RequestEnv> = async (c, next) => {
  const found = matchedRoutes(c).find(({ handler }) => accessOf(handler) !== undefined)
  const isChange = !['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)
  const what = whatOf.get(`${found?.method} ${found?.path}`) ?? (isChange ? 'changes' : undefined)
  if (what) {
    const address = c.get('address')
    await countRequest(c.get('ctx'), what, {
      person: c.get('who')?.personId,
      address,
      network: networkOf(address),
    })
  }
  await next()
}

/**
 * Counts one sign-in code before it is sent. What all people share is counted after what one of them has, so
 * that a refused request uses up nothing of the others. Tells an operator when all are held up.
 */
export async function limitCodes(ctx: Context, asked: { number: string; address: string }): Promise<void> {
  const country = countryOf(asked.number)
  const { signInCountries } = ctx.config
  if (signInCountries.length > 0 && !signInCountries.includes(country ?? ''))
    throw new Refusal('invalid_input', 'Presence cannot send codes to this country yet.')
  await countRequest(ctx, 'codes', { ...asked, network: networkOf(asked.address) })
  await countRequest(ctx, 'codes', { country: country ?? 'unknown', everybody: 'everybody' })
}

/** A code that was used counts no longer against its country and everybody. */
export async function giveCodeBack(ctx: Context, number: string): Promise<void> {
  const asker: Asker = { country: countryOf(number) ?? 'unknown', everybody: 'everybody' }
  const keys = limitsOf('codes', asker).map((limit) => keyOf(limit, asker))
  await ctx.db
    .updateTable('requestCounts')
    .set((eb) => ({ count: eb('count', '-', 1) }))
    .where('key', 'in', keys)
    .where('count', '>', 0)
    .execute()
}

/** Refuses with too_many_requests, and says when to try again. */
export async function countRequest(ctx: Context, what: Limit['what'], asker: Asker): Promise<void> {
  const hit = await firstHit(ctx.db, ctx.config.limitFactor, limitsOf(what, asker), asker)
  if (!hit) return
  const { by, max, seconds } = hit.limit
  if (by === 'country' || by === 'everybody')
    await inTransaction(ctx.db, (tx) =>
      addOperatorTask(tx, {
        key: `codes:${by}:${asker[by]}:${seconds}:${hit.endsAt.toISOString()}`,
        kind: 'security',
        sentence:
          `More than ${max} sign-in codes ${by === 'country' ? `to numbers of ${asker.country}` : ''} were sent and not used within ` +
          `${seconds / 3_600} hours: somebody may be making money with our SMS. No more are sent until ${hit.endsAt.toISOString().slice(0, 16)} UTC. ` +
          'SIGN_IN_COUNTRIES says where codes go at all.',
      }),
    )
  const waitSeconds = Math.max(1, Math.ceil((hit.endsAt.getTime() - now().getTime()) / 1_000))
  throw new Refusal('too_many_requests', `That was too often. Please try again in ${inWords(waitSeconds)}.`, {
    retryAfterSeconds: waitSeconds,
  })
}

function limitsOf(what: Limit['what'], asker: Asker): Limit[] {
  return limits.filter((limit) => limit.what === what && asker[limit.by] !== undefined)
}

/** Numbers and addresses are kept only as fingerprints. */
function keyOf({ what, by, seconds }: Limit, asker: Asker): string {
  const who = createHash('sha256').update(asker[by]!).digest('hex').slice(0, 24)
  return `${what}:${by}:${seconds}:${who}`
}

/**
 * Counts all of them in one statement; the first that is full, if any. Windows that the clock left begin
 * anew.
 */
async function firstHit(db: Db, factor: number, counted: Limit[], asker: Asker) {
  if (counted.length === 0) return undefined
  const time = now()
  const rows = counted
    .map((limit) => ({
      limit,
      key: keyOf(limit, asker),
      endsAt: new Date(time.getTime() + limit.seconds * 1_000),
    }))
    // In one order, so that two requests never wait for each other.
    .sort((one, other) => (one.key < other.key ? -1 : 1))
  const keys = rows.map(({ key }) => key)
  const ends = rows.map(({ endsAt }) => endsAt.toISOString())
  const { rows: counts } = await sql<{ key: string; count: number; endsAt: Date }>`
    insert into request_counts as known (key, count, ends_at)
    select key, 1, ends_at from unnest(${keys}::text[], ${ends}::timestamptz[]) as t (key, ends_at)
    on conflict (key) do update set
      count = case when known.ends_at <= ${time} or known.ends_at > excluded.ends_at then 1 else known.count + 1 end,
      ends_at = case when known.ends_at <= ${time} or known.ends_at > excluded.ends_at then excluded.ends_at
        else known.ends_at end
    returning key, count, ends_at`.execute(db)
  const byKey = new Map(counts.map((row) => [row.key, row]))
  for (const { limit, key } of rows) {
    const { count, endsAt } = byKey.get(key)!
    if (count > maxOf(limit.max, factor)) return { limit, endsAt }
  }
  return undefined
}

/** The /24 of an IPv4 address and the /64 of an IPv6 address: what one attacker has for nothing. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/, '')
  if (plain.includes('.')) return plain.split('.').slice(0, 3).join('.')
  const [front = '', back = ''] = plain.split('::')
  const before = front.split(':').filter(Boolean)
  const after = back.split(':').filter(Boolean)
  const zeros = plain.includes('::')
    ? Array.from({ length: 8 - before.length - after.length }, () => '0')
    : []
  return [...before, ...zeros, ...after].slice(0, 4).join(':')
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${seconds} seconds`
  if (seconds < 5_400) return `${Math.ceil(seconds / 60)} minutes`
  return `${Math.ceil(seconds / 3_600)} hours`
}
