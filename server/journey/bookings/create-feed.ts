// The private address at which a person's sessions can be subscribed to: made, shown and withdrawn.
import { randomBytes } from 'node:crypto'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { FeedAddresses } from './feed-view.ts'

export type Person = { memberId: string } | { hostId: string }

/** The person's present address; null where there is none. */
export async function findFeed(ctx: Context, person: Person): Promise<FeedAddresses | null> {
  const feed = await ctx.db
    .selectFrom('calendarFeeds')
    .select('token')
    .where(...theirs(person))
    .executeTakeFirst()
  return feed ? addressesOf(ctx, feed.token) : null
}

/** A new address; the one before stops working. */
export async function createFeed(ctx: Context, person: Person): Promise<FeedAddresses> {
  const token = randomBytes(24).toString('base64url')
  // One statement: of two addresses that are made at the same moment, the later one is valid.
  await ctx.db
    .insertInto('calendarFeeds')
    .values({ token, createdAt: now(), ...person })
    .onConflict((conflict) => conflict.column(theirs(person)[0]).doUpdateSet({ token, createdAt: now() }))
    .execute()
  return addressesOf(ctx, token)
}

export async function withdrawFeed(ctx: Context, person: Person): Promise<void> {
  await ctx.db
    .deleteFrom('calendarFeeds')
    .where(...theirs(person))
    .execute()
}

function theirs(person: Person): ['hostId' | 'memberId', '=', string] {
  return 'hostId' in person ? ['hostId', '=', person.hostId] : ['memberId', '=', person.memberId]
}

function addressesOf(ctx: Context, token: string): FeedAddresses {
  const url = `${ctx.config.publicUrl}/calendar/${token}.ics`
  return { url, webcalUrl: url.replace(/^https?:/, 'webcal:') }
}
