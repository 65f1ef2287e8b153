// Apple Pay, Google Pay and Link are shown on registered domains only.
import { findWalletDomain, registerWalletDomain as register } from '../../integrations/stripe-account.ts'
import { isReachable } from '../../lib/reachable.ts'
import type { Context } from '../context.ts'

/** Registers the domain of PUBLIC_URL at Stripe where it is not, so that wallets are offered. */
export async function registerWalletDomain(ctx: Context): Promise<void> {
  if (!isReachable(ctx.config.publicUrl, ctx.config.stripe.apiUrl)) return
  const { hostname } = new URL(ctx.config.publicUrl)
  if (!(await findWalletDomain(ctx.stripe, hostname))) await register(ctx.stripe, hostname)
}
