import { createDashboardLink } from '../../integrations/stripe-connect.ts'
import { sentenceFor } from '../../integrations/our-fault.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import type { StripePage } from './onboarding-view.ts'

/** The host's own dashboard at Stripe, after onboarding. Refuses: onboarding_unavailable. */
export async function openDashboard(ctx: Context, hostId: string): Promise<StripePage> {
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
      sentenceFor(error, 'Stripe could not be reached just now. Please try again in a moment.'),
    )
  }
}
