// Coming back from Stripe's form says nothing about the account: Stripe's own record decides.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { fetchHostAccount } from '../../integrations/stripe-connect.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

/**
 * Fetches the account's state from Stripe and starts the payouts that waited for it. Answers false where the
 * account belongs to no host.
 */
export async function refreshHostAccount(ctx: Context, stripeAccountId: string): Promise<boolean> {
  const known = await ctx.db
    .selectFrom('hosts')
    .select('id')
    .where('stripeAccountId', '=', stripeAccountId)
    .executeTakeFirst()
  if (!known) return false
  const account = await fetchHostAccount(ctx.stripe, stripeAccountId)
  await inTransaction(ctx.db, async (tx) => {
    await tx
      .updateTable('hosts')
      .set({
        onboardingStatus: account.hasSubmittedDetails ? 'complete' : 'started',
        canBePaid: account.canBePaid,
        updatedAt: now(),
      })
      .where('id', '=', known.id)
      .execute()
    await announce(tx, { topics: ['host'], hostId: known.id })
    if (!account.canBePaid) return
    const waiting = await tx
      .selectFrom('payouts')
      .select('bookingId')
      .where('hostId', '=', known.id)
      .where('status', '=', 'waiting_for_onboarding')
      .execute()
    for (const { bookingId } of waiting) await enqueue(tx, 'pay-host', { bookingId })
  })
  return true
}
