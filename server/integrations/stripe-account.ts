// The platform's own account at Stripe, and the domains on which wallets may be shown.
import type Stripe from 'stripe'
import { asProviderError, type StripeClient } from './stripe.ts'

export type OwnAccount = {
  id: string
  /** ISO code of the country: Stripe pays hosts of this country, or of its region. */
  country: string
  isLive: boolean
  canTakePayments: boolean
  /** When Stripe answered, by its own clock. */
  answeredAt: Date | null
}

/** The account that the secret key belongs to. */
export async function fetchOwnAccount(stripe: StripeClient): Promise<OwnAccount> {
  const account = await asProviderError(() => stripe.sdk.accounts.retrieveCurrent())
  const date = Date.parse(account.lastResponse?.headers['date'] ?? '')
  return {
    id: account.id,
    country: account.country ?? '',
    isLive: stripe.isLive,
    canTakePayments: account.charges_enabled,
    answeredAt: Number.isNaN(date) ? null : new Date(date),
  }
}

export type WalletDomain = { id: string; isEnabled: boolean; inactive: string[] }

/** The registration of a domain (https://docs.stripe.com/payments/payment-methods/pmd-registration). */
export async function findWalletDomain(
  stripe: StripeClient,
  domainName: string,
): Promise<WalletDomain | undefined> {
  // One page is enough: a domain is registered once.
  const { data } = await asProviderError(() =>
    stripe.sdk.paymentMethodDomains.list({ domain_name: domainName, limit: 1 }),
  )
  const [domain] = data
  if (!domain) return undefined
  const wallets = { apple_pay: domain.apple_pay, google_pay: domain.google_pay, link: domain.link }
  return {
    id: domain.id,
    isEnabled: domain.enabled,
    inactive: Object.entries(wallets)
      .filter(([, wallet]) => wallet.status !== 'active')
      .map(([name]) => name),
  }
}

/** Registers a domain. Repeating is harmless: Stripe answers with the one that exists. */
export async function registerWalletDomain(stripe: StripeClient, domainName: string): Promise<void> {
  await asProviderError(() =>
    stripe.sdk.paymentMethodDomains.create(
      { domain_name: domainName },
      { idempotencyKey: `wallet-domain:${domainName}` },
    ),
  )
}

// One page is enough of each list: only whether it is refused counts.
const one = { limit: 1 }

/** What a key must be allowed to read; the names are those of restricted keys in the dashboard. */
export const stripeRights = {
  'Checkout Sessions': ({ checkout }: Stripe) => checkout.sessions.list(one),
  Customers: ({ customers }: Stripe) => customers.list(one),
  Refunds: ({ refunds }: Stripe) => refunds.list(one),
  Transfers: ({ transfers }: Stripe) => transfers.list(one),
  Disputes: ({ disputes }: Stripe) => disputes.list(one),
  'Balance Transactions': ({ balanceTransactions }: Stripe) => balanceTransactions.list(one),
  'Connect accounts': ({ accounts }: Stripe) => accounts.list(one),
} as const
export type StripeRight = keyof typeof stripeRights

/** Asks for one thing that the right allows. Throws ProviderError where it is refused. */
export async function tryRight(stripe: StripeClient, right: StripeRight): Promise<void> {
  await asProviderError(async () => stripeRights[right](stripe.sdk))
}
