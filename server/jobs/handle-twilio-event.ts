// Stored callbacks of Twilio -> the verb of the step they are about.
import type { Context } from '../journey/context.ts'
import { readDelivery } from '../journey/messages/delivery.ts'
import { recordDeliveries } from '../journey/messages/record-deliveries.ts'

/** A text that somebody sent us is only kept: remind-inactive.ts reads in it who has opted out. */
export async function handleTwilioEvent(ctx: Context, type: string, payload: unknown): Promise<void> {
  const delivery = type === 'status' ? readDelivery(payload) : undefined
  const [outcome] = delivery ? await recordDeliveries(ctx.db, [delivery]) : []
  if (outcome?.status === 'rejected') throw outcome.reason
}
