// The banners "Host liked you" and "It's a match": who likes a member, and that it was seen.
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import { isVisibleTo } from '../members/find-blocked.ts'
import type { Likes } from './likes-view.ts'

/** The hosts who like this member, newest first. */
export async function listLikes(db: Db, memberId: string): Promise<Likes> {
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
    .where(isVisibleTo(memberId))
    .orderBy('likes.hostLikedAt', 'desc')
    .execute()
  return {
    likes: rows.map((row) => ({
      host: { id: row.id, fullName: row.fullName, photoUrl: row.photoUrl },
      isMutual: row.memberLikedAt !== null,
      likedAt: row.hostLikedAt!.toISOString(),
      isSeen: row.seenAt !== null,
    })),
  }
}

export async function markLikesSeen(db: Db, memberId: string): Promise<void> {
  await db
    .updateTable('likes')
    .set({ seenAt: now() })
    .where('memberId', '=', memberId)
    .where('seenAt', 'is', null)
    .execute()
}
