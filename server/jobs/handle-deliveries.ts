// Many status callbacks of Twilio at once, in a queue of their own: thousands of them must not hold up the
// webhooks about money and sessions.
import { now } from '../lib/time.ts'
import type { Context } from '../journey/context.ts'
import { readDelivery } from '../journey/messages/delivery.ts'
import { recordDeliveries } from '../journey/messages/record-deliveries.ts'

/** One outcome for each stored event, in their order; an early one is rejected and tried again. */
export async function handleDeliveries(
  ctx: Context,
  webhookEventIds: string[],
): Promise<PromiseSettledResult<void>[]> {
  const events = await ctx.db
    .selectFrom('webhookEvents')
    .select(['id', 'type', 'payload'])
    .where('id', 'in', webhookEventIds)
    .where('handledAt', 'is', null)
    .execute()
  const deliveries = events.flatMap(({ id, type, payload }) => {
    const delivery = type === 'status' ? readDelivery(payload) : undefined
    return delivery ? { id, delivery } : []
  })
  const outcomes = await recordDeliveries(
    ctx.db,
    deliveries.map(({ delivery }) => delivery),
  )
  const early = new Map(
    deliveries.flatMap(({ id }, index) => {
      const outcome = outcomes[index]!
      return outcome.status === 'rejected' ? [[id, outcome] as const] : []
    }),
  )
  const handled = events.map(({ id }) => id).filter((id) => !early.has(id))
  if (handled.length > 0)
    await ctx.db.updateTable('webhookEvents').set({ handledAt: now() }).where('id', 'in', handled).execute()
  return webhookEventIds.map((id) => early.get(id) ?? { status: 'fulfilled', value: undefined })
}
