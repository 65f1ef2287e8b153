// Hosts' accounts at Stripe Connect, which receive their shares.
import { ProviderError } from '../lib/errors.ts'
import { asProviderError, listAll, makeOnce, type StripeClient } from './stripe.ts'

/**
 * An account for a host with Stripe's Express dashboard, made once. card_payments goes along, because accounts
 * with transfers alone need Stripe's approval (https://docs.stripe.com/connect/account-capabilities).
 */
export async function createHostAccount(
  stripe: StripeClient,
  host: { hostId: string; fullName: string; email: string | null; country: string },
): Promise<string> {
  const wanted = {
    controller: {
      fees: { payer: 'application' as const },
      losses: { payments: 'application' as const },
      requirement_collection: 'stripe' as const,
      stripe_dashboard: { type: 'express' as const },
    },
    country: host.country,
    ...(host.email ? { email: host.email } : {}),
    business_type: 'individual' as const,
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    business_profile: { product_description: 'Video conversations booked through Presence' },
    metadata: { presence_host_id: host.hostId },
  }
  const account = await makeOnce(
    `account:${host.hostId}`,
    (idempotencyKey) => stripe.sdk.accounts.create(wanted, { idempotencyKey }),
    async () => {
      const accounts = await listAll(() => stripe.sdk.accounts.list({ limit: 100 }))
      return accounts.find((one) => one.metadata?.['presence_host_id'] === host.hostId)
    },
  )
  return account.id
}

/** A single-use address where the host does Stripe's onboarding. */
export async function createOnboardingLink(
  stripe: StripeClient,
  link: { accountId: string; refreshUrl: string; returnUrl: string },
): Promise<string> {
  const made = await asProviderError(() =>
    stripe.sdk.accountLinks.create({
      account: link.accountId,
      type: 'account_onboarding',
      refresh_url: link.refreshUrl,
      return_url: link.returnUrl,
    }),
  )
  return made.url
}

/** A single-use address of the host's dashboard at Stripe. Works only after onboarding. */
export async function createDashboardLink(stripe: StripeClient, accountId: string): Promise<string> {
  const made = await asProviderError(() => stripe.sdk.accounts.createLoginLink(accountId))
  return made.url
}

/**
 * Deletes a host's account. False where Stripe keeps it: it does while a balance is not zero
 * (https://docs.stripe.com/api/accounts/delete). One that is gone counts as deleted.
 */
export async function deleteHostAccount(stripe: StripeClient, accountId: string): Promise<boolean> {
  try {
    await asProviderError(() => stripe.sdk.accounts.del(accountId))
    return true
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.status === 404 || error.code === 'account_invalid') return true
    if (error.status === 400) return false
    throw error
  }
}

export type HostAccountFacts = { hasSubmittedDetails: boolean; canBePaid: boolean }

/** Whether the host has finished onboarding. That they reached the return address proves nothing. */
export async function fetchHostAccount(stripe: StripeClient, accountId: string): Promise<HostAccountFacts> {
  const account = await asProviderError(() => stripe.sdk.accounts.retrieve(accountId))
  return {
    hasSubmittedDetails: account.details_submitted === true,
    canBePaid: account.payouts_enabled === true && account.capabilities?.transfers === 'active',
  }
}
