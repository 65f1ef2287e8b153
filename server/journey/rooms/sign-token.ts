// The token of one person, made on their click. Once we know our domain's id at Daily, we sign it ourselves:
// joining waits for no service, and ten thousand people who join in one minute make no calls to Daily.
import { createHash } from 'node:crypto'
import {
  createDailyToken,
  domainOfToken,
  type NewToken,
  signDailyToken,
} from '../../integrations/daily-tokens.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

const known = new Map<string, string>()

export async function signToken(ctx: Context, token: NewToken): Promise<string> {
  const domainId = await knownDomain(ctx)
  if (domainId) return signDailyToken(ctx.daily, domainId, token, now())
  const made = await createDailyToken(ctx.daily, token)
  await rememberDomain(ctx, made)
  return made
}

/** Makes sure, ahead of time, that tokens can be signed here. */
export async function learnDomain(ctx: Context, token: NewToken): Promise<void> {
  if (await knownDomain(ctx)) return
  await rememberDomain(ctx, await createDailyToken(ctx.daily, token, 'ahead'))
}

const fingerprintOf = (apiKey: string) => createHash('sha256').update(apiKey).digest('hex').slice(0, 32)

async function knownDomain(ctx: Context): Promise<string | undefined> {
  const keyFingerprint = fingerprintOf(ctx.daily.apiKey)
  const remembered = known.get(keyFingerprint)
  if (remembered) return remembered
  const row = await ctx.db
    .selectFrom('dailyDomains')
    .select('domainId')
    .where('keyFingerprint', '=', keyFingerprint)
    .executeTakeFirst()
  if (row) known.set(keyFingerprint, row.domainId)
  return row?.domainId
}

async function rememberDomain(ctx: Context, token: string): Promise<void> {
  const domainId = domainOfToken(token)
  if (!domainId) return
  await ctx.db
    .insertInto('dailyDomains')
    .values({ keyFingerprint: fingerprintOf(ctx.daily.apiKey), domainId, learnedAt: now() })
    .onConflict((conflict) => conflict.column('keyFingerprint').doNothing())
    .execute()
}
