// A host tells Stripe who they are (Connect Express).
import { createHostAccount, createOnboardingLink } from '../../integrations/stripe-connect.ts'
import { sentenceFor } from '../../integrations/our-fault.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { StripePage } from './onboarding-view.ts'

/** The address of Stripe's form. It works once and for minutes only, so every click makes a new one. */
export async function startOnboarding(ctx: Context, hostId: string): Promise<StripePage> {
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
      sentenceFor(error, 'Stripe could not be reached just now. Please try again in a moment.'),
    )
  }
}
