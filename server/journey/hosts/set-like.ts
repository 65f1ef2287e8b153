// Likes go both ways; when both like each other it is a match, and each is told.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { notFound } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

export type LikeState = { hostLikes: boolean; memberLikes: boolean; isMutual: boolean }
type Pair = { hostId: string; memberId: string }

/** The host likes a member they had a session or a booking with. A second like changes nothing. */
export async function likeMember(ctx: Context, pair: Pair): Promise<LikeState> {
  await mustBeAcquainted(ctx.db, pair)
  return setLike(ctx, pair, 'hostLikedAt', true)
}

export async function likeHost(ctx: Context, pair: Pair): Promise<LikeState> {
  const host = await ctx.db
    .selectFrom('hosts')
    .select('id')
    .where('id', '=', pair.hostId)
    .where('status', '=', 'Active')
    .executeTakeFirst()
  if (!host) throw notFound('host')
  return setLike(ctx, pair, 'memberLikedAt', true)
}

export async function unlikeMember(ctx: Context, pair: Pair): Promise<LikeState> {
  await mustBeAcquainted(ctx.db, pair)
  return setLike(ctx, pair, 'hostLikedAt', false)
}

export async function unlikeHost(ctx: Context, pair: Pair): Promise<LikeState> {
  return setLike(ctx, pair, 'memberLikedAt', false)
}

/**
 * To a host there are only the members they have had a booking with; of any other not even the existence is
 * told.
 */
async function mustBeAcquainted(db: Db, pair: Pair): Promise<void> {
  const booking = await db
    .selectFrom('bookings')
    .select('id')
    .where('hostId', '=', pair.hostId)
    .where('memberId', '=', pair.memberId)
    .executeTakeFirst()
  if (!booking) throw notFound('member')
}

async function setLike(
  ctx: Context,
  pair: Pair,
  side: 'hostLikedAt' | 'memberLikedAt',
  likes: boolean,
): Promise<LikeState> {
  return inTransaction(ctx.db, async (tx) => {
    await tx
      .insertInto('likes')
      .values(pair)
      .onConflict((conflict) => conflict.columns(['hostId', 'memberId']).doNothing())
      .execute()
    const before = await lockLike(tx, pair)
    const isNews = likes && before[side] === null
    await tx
      .updateTable('likes')
      .set({ [side]: likes ? (before[side] ?? now()) : null, ...(isNews ? { seenAt: null } : {}) })
      .where('hostId', '=', pair.hostId)
      .where('memberId', '=', pair.memberId)
      .execute()
    const after = await lockLike(tx, pair)
    const state = stateOf(after)
    if (isNews) await tellLike(tx, pair, side, state)
    await recordChanged(tx, 'Likes', `${pair.hostId}:${pair.memberId}`)
    await announce(tx, { topics: ['likes', 'host'], ...pair })
    return state
  })
}

async function lockLike(tx: Tx, pair: Pair) {
  return tx
    .selectFrom('likes')
    .selectAll()
    .where('hostId', '=', pair.hostId)
    .where('memberId', '=', pair.memberId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

function stateOf(like: { hostLikedAt: Date | null; memberLikedAt: Date | null }): LikeState {
  const hostLikes = like.hostLikedAt !== null
  const memberLikes = like.memberLikedAt !== null
  return { hostLikes, memberLikes, isMutual: hostLikes && memberLikes }
}

/** One SMS per pair and kind, however often a like is taken back and given again. */
async function tellLike(
  tx: Tx,
  pair: Pair,
  side: 'hostLikedAt' | 'memberLikedAt',
  state: LikeState,
): Promise<void> {
  const usefulUntil = addHours(now(), 24).toISOString()
  const key = `${pair.hostId}:${pair.memberId}`
  if (state.isMutual) {
    for (const recipient of ['member', 'host'] as const) {
      await enqueue(tx, 'send-message', {
        key: `match:${key}:${recipient}`,
        template: 'Mutual Like',
        recipient,
        ...pair,
        usefulUntil,
      })
    }
  } else if (side === 'hostLikedAt') {
    await enqueue(tx, 'send-message', {
      key: `liked:${key}`,
      template: 'Host Liked You',
      recipient: 'member',
      ...pair,
      usefulUntil,
    })
  }
}

export type LikeView = {
  host: { id: string; fullName: string; photoUrl: string | null }
  isMutual: boolean
  likedAt: string
  isSeen: boolean
}

/** The hosts who like this member, newest first. */
export async function listLikes(db: Db, memberId: string): Promise<LikeView[]> {
  const rows = await db
    .selectFrom('likes')
    .innerJoin('hosts', 'hosts.id', 'likes.hostId')
    .select([
      'hosts.id',
      'hosts.fullName',
      'hosts.photoUrl',
      'likes.hostLikedAt',
      'likes.memberLikedAt',
      'likes.seenAt',
    ])
    .where('likes.memberId', '=', memberId)
    .where('likes.hostLikedAt', 'is not', null)
    .where('hosts.status', '=', 'Active')
    .orderBy('likes.hostLikedAt', 'desc')
    .execute()
  return rows.map((row) => ({
    host: { id: row.id, fullName: row.fullName, photoUrl: row.photoUrl },
    isMutual: row.memberLikedAt !== null,
    likedAt: row.hostLikedAt!.toISOString(),
    isSeen: row.seenAt !== null,
  }))
}

export async function markLikesSeen(db: Db, memberId: string): Promise<void> {
  await db
    .updateTable('likes')
    .set({ seenAt: now() })
    .where('memberId', '=', memberId)
    .where('seenAt', 'is', null)
    .execute()
}
