// A stored event of Daily -> the verb of the step it is about.
import { z } from 'zod'
import type { Context } from '../journey/context.ts'
import { recordStay } from '../journey/rooms/record-stay.ts'

const eventBody = z.object({
  payload: z.object({
    room: z.string().optional(),
    room_name: z.string().optional(),
    user_id: z.string().nullish(),
    session_id: z.string(),
    joined_at: z.number(),
    duration: z.number().nullish(),
  }),
})

/** Records when somebody entered or left a room; other events are ignored. */
export async function handleDailyEvent(ctx: Context, type: string, payload: unknown): Promise<void> {
  if (type !== 'participant.joined' && type !== 'participant.left') return
  const parsed = eventBody.safeParse(payload)
  const roomName = parsed.data?.payload.room ?? parsed.data?.payload.room_name
  if (!parsed.success || !roomName) return
  const { session_id, user_id, joined_at, duration } = parsed.data.payload
  await recordStay(ctx, {
    roomName,
    personId: user_id ?? null,
    stayId: session_id,
    joinedAt: new Date(joined_at * 1000),
    leftAt: type === 'participant.left' ? new Date((joined_at + (duration ?? 0)) * 1000) : null,
  })
}
