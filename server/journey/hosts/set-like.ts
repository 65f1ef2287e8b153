// Likes go both ways. When both like each other it is a match, and each is told.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { notFound } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { isBlocked } from '../members/find-blocked.ts'
import type { LikeAnswer } from './likes-view.ts'

type Pair = { hostId: string; memberId: string }

/**
 * Likes, or takes a like back; a repetition changes nothing. Refuses with not_found: a host knows only
 * members who have had a booking with them, a member can like only an active host, and two who are kept
 * apart do not exist for each other.
 */
export async function setLike(
  ctx: Context,
  pair: Pair,
  by: 'host' | 'member',
  isLiked: boolean,
): Promise<LikeAnswer> {
  if (by === 'host') await requireAcquainted(ctx.db, pair)
  else if (isLiked) await requireActiveHost(ctx.db, pair.hostId)
  if (await isBlocked(ctx.db, pair)) throw notFound(by === 'host' ? 'member' : 'host')
  const side = by === 'host' ? 'hostLikedAt' : 'memberLikedAt'
  return inTransaction(ctx.db, async (tx) => {
    await tx
      .insertInto('likes')
      .values(pair)
      .onConflict((conflict) => conflict.columns(['hostId', 'memberId']).doNothing())
      .execute()
    const before = await lockLike(tx, pair)
    const isNews = isLiked && before[side] === null
    await tx
      .updateTable('likes')
      .set({ [side]: isLiked ? (before[side] ?? now()) : null, ...(isNews ? { seenAt: null } : {}) })
      .where('hostId', '=', pair.hostId)
      .where('memberId', '=', pair.memberId)
      .execute()
    const after = await lockLike(tx, pair)
    const isMutual = after.hostLikedAt !== null && after.memberLikedAt !== null
    if (isNews) await tellLike(tx, pair, by, isMutual)
    await recordChanged(tx, 'Likes', `${pair.hostId}:${pair.memberId}`)
    await announce(tx, { topics: ['likes', 'host'], ...pair })
    return { youLike: after[side] !== null, isMutual }
  })
}

/** A host does not even learn that other members exist. */
async function requireAcquainted(db: Db, pair: Pair): Promise<void> {
  const booking = await db
    .selectFrom('bookings')
    .select('id')
    .where('hostId', '=', pair.hostId)
    .where('memberId', '=', pair.memberId)
    .where('memberId', 'not in', db.selectFrom('members').select('id').where('status', '=', 'Suspended'))
    .executeTakeFirst()
  if (!booking) throw notFound('member')
}

async function requireActiveHost(db: Db, hostId: string): Promise<void> {
  const host = await db
    .selectFrom('hosts')
    .select('id')
    .where('id', '=', hostId)
    .where('status', '=', 'Active')
    .executeTakeFirst()
  if (!host) throw notFound('host')
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

/** One SMS per pair and kind, however often a like is taken back and given again. */
async function tellLike(tx: Tx, pair: Pair, by: 'host' | 'member', isMutual: boolean): Promise<void> {
  const usefulUntil = addHours(now(), 24).toISOString()
  const key = `${pair.hostId}:${pair.memberId}`
  if (isMutual) {
    for (const recipient of ['member', 'host'] as const) {
      await enqueue(tx, 'send-message', {
        key: `match:${key}:${recipient}`,
        template: 'Mutual Like',
        recipient,
        ...pair,
        usefulUntil,
      })
    }
  } else if (by === 'host') {
    await enqueue(tx, 'send-message', {
      key: `liked:${key}`,
      template: 'Host Liked You',
      recipient: 'member',
      ...pair,
      usefulUntil,
    })
  }
}
