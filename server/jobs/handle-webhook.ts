// From a stored webhook event to the verbs it hints at. An event is handled when its verbs have succeeded; until then
// its job is tried again.
import { z } from 'zod'
import { inTransaction } from '../db/client.ts'
import { enqueue } from '../db/jobs.ts'
import { NotYet } from '../lib/errors.ts'
import { now } from '../lib/time.ts'
import { receiveCalEvent } from '../journey/bookings/receive-cal-event.ts'
import type { Context } from '../journey/context.ts'
import { recordDelivery } from '../journey/messages/record-delivery.ts'
import { refreshHostAccount } from '../journey/payouts/onboard-host.ts'
import { confirmPurchase } from '../journey/purchases/confirm-purchase.ts'
import { recordStay } from '../journey/rooms/record-attendance.ts'

export async function handleWebhook(ctx: Context, webhookEventId: string): Promise<void> {
  const event = await ctx.db.selectFrom('webhookEvents').selectAll().where('id', '=', webhookEventId).executeTakeFirst()
  if (!event || event.handledAt) return
  switch (event.provider) {
    case 'stripe':
      await handleStripe(ctx, event.type, event.payload)
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
      await inTransaction(ctx.db, (tx) => enqueue(tx, 'read-hosts', {}))
      break
  }
  await ctx.db.updateTable('webhookEvents').set({ handledAt: now() }).where('id', '=', webhookEventId).execute()
}

const stripeEvent = z.object({ data: z.object({ object: z.object({ id: z.string() }) }) })

async function handleStripe(ctx: Context, type: string, payload: unknown): Promise<void> {
  const parsed = stripeEvent.safeParse(payload)
  if (!parsed.success) return
  const { id } = parsed.data.data.object
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired':
      return confirmPurchase(ctx, id)
    case 'account.updated':
      return refreshHostAccount(ctx, id)
    default:
      return // politely ignored
  }
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
