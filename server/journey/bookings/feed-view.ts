// The private address at which somebody's own sessions can be subscribed to; null where there is none.
import { z } from 'zod'

const feedAddresses = z.object({ url: z.string(), webcalUrl: z.string() })
export type FeedAddresses = z.infer<typeof feedAddresses>

export const feedView = z.object({ feed: feedAddresses.nullable() })
export type Feed = z.infer<typeof feedView>
