// From a stored webhook event to the verbs it hints at. An event is handled when its verbs have succeeded; until then
// its job is tried again.
import { z } from 'zod'
import { inTransaction } from '../db/client.ts'
import { enqueue } from '../db/jobs.ts'
import { NotYet } from '../lib/errors.ts'
import { addDays, addMinutes, now } from '../lib/time.ts'
import { receiveCalEvent } from '../journey/bookings/receive-cal-event.ts'
import type { Context } from '../journey/context.ts'
import { recordDelivery } from '../journey/messages/record-delivery.ts'
import { receiveStripeEvent } from '../journey/payouts/receive-stripe-event.ts'
import { recordStay } from '../journey/rooms/record-attendance.ts'

export async function handleWebhook(ctx: Context, webhookEventId: string): Promise<void> {
  const event = await ctx.db.selectFrom('webhookEvents').selectAll().where('id', '=', webhookEventId).executeTakeFirst()
  if (!event || event.handledAt) return
  switch (event.provider) {
    case 'stripe':
      if ((await receiveStripeEvent(ctx, event.type, event.payload)) === 'unknown') return park(ctx, event)
      break
    case 'twilio':
      await handleTwilio(ctx, event.type, event.payload)
      break
    case 'calcom':
      await receiveCalEvent(ctx, event.type, event.payload)
      break
    case 'daily':
      await handleDaily(ctx, event.type, event.payload)
      break
    case 'airtable':
      // The queue keeps one read waiting and one under way, however many pings come.
      await inTransaction(ctx.db, (tx) => enqueue(tx, 'read-hosts', {}))
      break
  }
  await ctx.db.updateTable('webhookEvents').set({ handledAt: now() }).where('id', '=', webhookEventId).execute()
}

/** Days after which something that nobody knows is left alone. */
const parkedDays = 3

/** It speaks of something we do not know, or not yet: looked at again later, ever more rarely (reconcile.ts). */
async function park(ctx: Context, event: { id: string; receivedAt: Date; parkedTimes: number }): Promise<void> {
  const isGivenUp = now() > addDays(event.receivedAt, parkedDays)
  const waitMinutes = Math.min(60, 2 ** event.parkedTimes)
  await ctx.db
    .updateTable('webhookEvents')
    .set({ parkedUntil: addMinutes(now(), waitMinutes), parkedTimes: event.parkedTimes + 1, handledAt: isGivenUp ? now() : null })
    .where('id', '=', event.id)
    .execute()
}

const twilioStatus = z.object({ MessageSid: z.string().optional(), SmsSid: z.string().optional(), MessageStatus: z.string().optional(), ErrorCode: z.string().optional() })

async function handleTwilio(ctx: Context, type: string, payload: unknown): Promise<void> {
  const parsed = twilioStatus.safeParse(payload)
  const sid = parsed.data?.MessageSid ?? parsed.data?.SmsSid
  const status = parsed.data?.MessageStatus
  if (type !== 'status' || !sid || !status) return
  // The callback can overtake the answer that tells us the SMS's sid: then it is not known yet, and is tried again.
  const known = await ctx.db.selectFrom('messages').select('id').where('twilioSid', '=', sid).executeTakeFirst()
  const isUnderWay = !known && (await ctx.db.selectFrom('messages').select('id').where('status', '=', 'waiting').executeTakeFirst())
  if (isUnderWay) throw new NotYet('a status for an SMS whose sending is still being recorded')
  await inTransaction(ctx.db, (tx) => recordDelivery(tx, sid, status, parsed.data?.ErrorCode ?? null))
}

const dailyEvent = z.object({
  payload: z.object({
    room: z.string().optional(),
    room_name: z.string().optional(),
    user_id: z.string().nullish(),
    session_id: z.string(),
    joined_at: z.number(),
    duration: z.number().nullish(),
  }),
})

async function handleDaily(ctx: Context, type: string, payload: unknown): Promise<void> {
  if (type !== 'participant.joined' && type !== 'participant.left') return
  const parsed = dailyEvent.safeParse(payload)
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
