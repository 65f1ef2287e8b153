// A host tells Stripe who they are (Connect Express). Coming back from there says nothing: Stripe's record
// decides.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import {
  createDashboardLink,
  createHostAccount,
  createOnboardingLink,
  fetchHostAccount,
} from '../../integrations/stripe-connect.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

/** The address of Stripe's form: single use, alive for minutes, so made anew for every click. */
export async function startOnboarding(ctx: Context, hostId: string): Promise<{ url: string }> {
  const host = await ctx.db
    .selectFrom('hosts')
    .select(['id', 'fullName', 'email', 'stripeAccountId'])
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow()
  try {
    const accountId =
      host.stripeAccountId ??
      (await createHostAccount(ctx.stripe, { hostId, fullName: host.fullName, email: host.email }))
    await ctx.db
      .updateTable('hosts')
      .set({ stripeAccountId: accountId, updatedAt: now() })
      .where('id', '=', hostId)
      .where('stripeAccountId', 'is', null)
      .execute()
    await ctx.db
      .updateTable('hosts')
      .set({ onboardingStatus: 'started' })
      .where('id', '=', hostId)
      .where('onboardingStatus', '=', 'not_started')
      .execute()
    const page = `${ctx.config.publicUrl}/host`
    const url = await createOnboardingLink(ctx.stripe, {
      accountId,
      refreshUrl: `${page}?onboarding=again`,
      returnUrl: `${page}?onboarding=done`,
    })
    return { url }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal(
      'onboarding_unavailable',
      'Stripe could not be reached just now. Please try again in a moment.',
    )
  }
}

/** The host's own dashboard at Stripe, after onboarding. Refuses: onboarding_unavailable. */
export async function openDashboard(ctx: Context, hostId: string): Promise<{ url: string }> {
  const host = await ctx.db
    .selectFrom('hosts')
    .select(['stripeAccountId', 'onboardingStatus'])
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow()
  if (!host.stripeAccountId || host.onboardingStatus !== 'complete') {
    throw new Refusal(
      'onboarding_unavailable',
      'Your dashboard at Stripe opens once you have told Stripe your details.',
    )
  }
  try {
    return { url: await createDashboardLink(ctx.stripe, host.stripeAccountId) }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal(
      'onboarding_unavailable',
      'Stripe could not be reached just now. Please try again in a moment.',
    )
  }
}

/**
 * Fetches the account's state from Stripe and releases what has been waiting for it. Answers false for
 * nobody's account.
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
