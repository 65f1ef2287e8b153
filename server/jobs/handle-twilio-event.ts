// Stored callbacks of Twilio -> the verb of the step they are about.
import type { Context } from '../journey/context.ts'
import { recordOptOut } from '../journey/members/record-opt-out.ts'
import { readDelivery } from '../journey/messages/delivery.ts'
import { recordDeliveries } from '../journey/messages/record-deliveries.ts'

/** A text that somebody sent us is kept; of its words only STOP and START change anything. */
export async function handleTwilioEvent(ctx: Context, type: string, payload: unknown): Promise<void> {
  if (type === 'inbound') return recordOptOut(ctx.db, payload)
  const delivery = type === 'status' ? readDelivery(payload) : undefined
  const [outcome] = delivery ? await recordDeliveries(ctx.db, [delivery]) : []
  if (outcome?.status === 'rejected') throw outcome.reason
}
