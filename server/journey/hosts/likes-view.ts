// Likes as a member reads them, and the answer to a like.
import { z } from 'zod'

const likeView = z.object({
  host: z.object({ id: z.uuid(), fullName: z.string(), photoUrl: z.string().nullable() }),
  isMutual: z.boolean(),
  likedAt: z.iso.datetime(),
  isSeen: z.boolean(),
})
export type Like = z.infer<typeof likeView>

export const likesView = z.object({ likes: z.array(likeView) })
export type Likes = z.infer<typeof likesView>

export const likeAnswerView = z.object({ youLike: z.boolean(), isMutual: z.boolean() })
export type LikeAnswer = z.infer<typeof likeAnswerView>
