// From a stored webhook event to the verbs it hints at. An event is handled when its verbs have succeeded;
// until then its job is tried again.
import { z } from 'zod'
import { inTransaction } from '../db/client.ts'
import { enqueue } from '../db/jobs.ts'
import { addDays, addMinutes, now } from '../lib/time.ts'
import { receiveCalEvent } from '../journey/bookings/receive-cal-event.ts'
import type { Context } from '../journey/context.ts'
import { type Delivery, reachedBy, recordDeliveries } from '../journey/messages/record-deliveries.ts'
import { receiveStripeEvent } from './handle-stripe-event.ts'
import { recordStay } from '../journey/rooms/record-stay.ts'

export async function handleWebhook(ctx: Context, webhookEventId: string): Promise<void> {
  const event = await ctx.db
    .selectFrom('webhookEvents')
    .selectAll()
    .where('id', '=', webhookEventId)
    .executeTakeFirst()
  if (!event || event.handledAt) return
  switch (event.provider) {
    case 'stripe':
      if ((await receiveStripeEvent(ctx, event.type, event.payload)) === 'unknown') return park(ctx, event)
      break
    case 'twilio':
      await handleTwilio(ctx, event)
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
  await ctx.db
    .updateTable('webhookEvents')
    .set({ handledAt: now() })
    .where('id', '=', webhookEventId)
    .execute()
}

/** Days after which something that nobody knows is left alone. */
const parkedDays = 3

/**
 * It speaks of something we do not know, or not yet: looked at again later, ever more rarely (reconcile.ts).
 */
async function park(
  ctx: Context,
  event: { id: string; receivedAt: Date; parkedTimes: number },
): Promise<void> {
  const isGivenUp = now() > addDays(event.receivedAt, parkedDays)
  const waitMinutes = Math.min(60, 2 ** event.parkedTimes)
  await ctx.db
    .updateTable('webhookEvents')
    .set({
      parkedUntil: addMinutes(now(), waitMinutes),
      parkedTimes: event.parkedTimes + 1,
      handledAt: isGivenUp ? now() : null,
    })
    .where('id', '=', event.id)
    .execute()
}

const twilioStatus = z.object({
  MessageSid: z.string().optional(),
  SmsSid: z.string().optional(),
  MessageStatus: z.string().optional(),
  ErrorCode: z.string().optional(),
})

/** What a stored status callback tells; undefined where it is no news. */
function deliveryOf({ type, payload }: { type: string; payload: unknown }): Delivery | undefined {
  const parsed = twilioStatus.safeParse(payload)
  const twilioSid = parsed.data?.MessageSid ?? parsed.data?.SmsSid
  const reached = reachedBy(parsed.data?.MessageStatus ?? '')
  return type === 'status' && twilioSid && reached
    ? { twilioSid, reached, errorCode: parsed.data?.ErrorCode ?? null }
    : undefined
}

async function handleTwilio(ctx: Context, event: { type: string; payload: unknown }): Promise<void> {
  const delivery = deliveryOf(event)
  const [outcome] = delivery ? await recordDeliveries(ctx.db, [delivery]) : []
  if (outcome?.status === 'rejected') throw outcome.reason
}

/**
 * Many status callbacks at once, apart from the webhooks that speak of money and sessions. One outcome for
 * each, in their order.
 */
export async function handleDeliveries(
  ctx: Context,
  webhookEventIds: string[],
): Promise<PromiseSettledResult<void>[]> {
  const rows = await ctx.db
    .selectFrom('webhookEvents')
    .select(['id', 'type', 'payload'])
    .where('id', 'in', webhookEventIds)
    .where('handledAt', 'is', null)
    .execute()
  const told = rows.flatMap((event) => {
    const delivery = deliveryOf(event)
    return delivery ? { id: event.id, delivery } : []
  })
  const outcomes = await recordDeliveries(
    ctx.db,
    told.map(({ delivery }) => delivery),
  )
  const early = new Map(
    told.flatMap(({ id }, index) => {
      const outcome = outcomes[index]!
      return outcome.status === 'rejected' ? [[id, outcome] as const] : []
    }),
  )
  const handled = rows.map(({ id }) => id).filter((id) => !early.has(id))
  if (handled.length > 0)
    await ctx.db.updateTable('webhookEvents').set({ handledAt: now() }).where('id', 'in', handled).execute()
  return webhookEventIds.map((id) => early.get(id) ?? { status: 'fulfilled', value: undefined })
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
