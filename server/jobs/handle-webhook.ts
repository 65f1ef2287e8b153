// From a stored webhook event to the verb of the step it is about, one switch for each provider. An event is
// handled once its verb has succeeded; until then its job is tried again.
import type { Selectable } from 'kysely'
import { inTransaction } from '../db/client.ts'
import { enqueue } from '../db/jobs.ts'
import type { WebhookEvents } from '../db/schema.generated.ts'
import { addDays, addMinutes, now } from '../lib/time.ts'
import { receiveCalEvent } from '../journey/bookings/receive-cal-event.ts'
import type { Context } from '../journey/context.ts'
import { handleDailyEvent } from './handle-daily-event.ts'
import { handleStripeEvent } from './handle-stripe-event.ts'
import { handleTwilioEvent } from './handle-twilio-event.ts'

type WebhookEvent = Selectable<WebhookEvents>

export async function handleWebhook(ctx: Context, webhookEventId: string): Promise<void> {
  const event = await ctx.db
    .selectFrom('webhookEvents')
    .selectAll()
    .where('id', '=', webhookEventId)
    .executeTakeFirst()
  if (!event || event.handledAt) return
  if ((await handleEvent(ctx, event)) === 'unknown') return park(ctx, event)
  await ctx.db
    .updateTable('webhookEvents')
    .set({ handledAt: now() })
    .where('id', '=', webhookEventId)
    .execute()
}

async function handleEvent(
  ctx: Context,
  { provider, type, payload }: WebhookEvent,
): Promise<'unknown' | 'done' | void> {
  switch (provider) {
    case 'stripe':
      return handleStripeEvent(ctx, type, payload)
    case 'twilio':
      return handleTwilioEvent(ctx, type, payload)
    case 'calcom':
      return receiveCalEvent(ctx, type, payload)
    case 'daily':
      return handleDailyEvent(ctx, type, payload)
    case 'airtable':
      // The queue keeps one read waiting and one under way, however many pings come.
      return inTransaction(ctx.db, (tx) => enqueue(tx, 'read-hosts', {}))
  }
}

/** Days after which an event about something unknown is given up. */
const parkedDays = 3

/** Puts off an event about something we do not know (yet): tried again with backoff (reconcile.ts). */
async function park(ctx: Context, event: WebhookEvent): Promise<void> {
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
