// A host tells Stripe who they are, on Stripe's own pages.
import { inTransaction } from '../../db/client.ts'
import { reopenOperatorTask } from '../../db/operator-tasks.ts'
import { readPlatformCountry } from '../../db/service-accounts.ts'
import { isFinalRefusal } from '../../integrations/provider-error.ts'
import { createHostAccount, createOnboardingLink } from '../../integrations/stripe-connect.ts'
import { isAboutUs, sentenceFor } from '../../integrations/our-fault.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { countryName, findCountry } from '../hosts/find-country.ts'
import type { StripePage } from './onboarding-view.ts'
import { isPayableCountry } from './payable-country.ts'
import { reportUnpayable } from './report-unpayable.ts'

/** The address of Stripe's form. It works once and for minutes only, so every click makes a new one. */
export async function startOnboarding(ctx: Context, hostId: string): Promise<StripePage> {
  const host = await ctx.db
    .selectFrom('hosts')
    .select(['id', 'fullName', 'email', 'stripeAccountId', 'country', 'timeZone'])
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow()
  const home = await readPlatformCountry(ctx.db)
  const country = findCountry(host)
  if (country && !isPayableCountry(home, country)) {
    await inTransaction(ctx.db, (tx) => reportUnpayable(tx, { ...host, country }))
    throw new Refusal(
      'onboarding_unavailable',
      `Stripe cannot send money to ${countryName(country)} from here. What you earn is kept for you, ` +
        'and we pay it another way: we have been told.',
    )
  }
  try {
    const accountId =
      host.stripeAccountId ??
      (await createHostAccount(ctx.stripe, {
        hostId,
        fullName: host.fullName,
        email: host.email,
        country: country ?? home ?? 'AU',
      }))
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
    if (isFinalRefusal(error)) await tellOperators(ctx, host, error)
    throw new Refusal(
      'onboarding_unavailable',
      sentenceFor(error, 'Stripe could not be reached just now. Please try again in a moment.'),
    )
  }
}

/** Stripe's own sentence: only it says what is missing. A refusal about us has a task of its own. */
async function tellOperators(
  ctx: Context,
  host: { id: string; fullName: string },
  error: ProviderError,
): Promise<void> {
  if (isAboutUs(error)) return
  await inTransaction(ctx.db, (tx) =>
    reopenOperatorTask(tx, {
      key: `account_refused:${host.id}`,
      kind: 'setup',
      hostId: host.id,
      sentence: `Stripe refused the account of ${host.fullName}. It says: ${error.message.replace(/^stripe: /, '')}`,
    }),
  )
}
