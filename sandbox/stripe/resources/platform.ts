// The account that the key belongs to, and what its owner has set in the dashboard.
import type { SandboxContext } from '../../core/provider.ts'
import { stableSuffix } from '../wire/ids.ts'
import { operation } from '../wire/operation.ts'
import { impossible } from '../wire/refusal.ts'

/** The store keeps only what a test or the console has changed. */
export type Platform = {
  country: string
  /** Connect's platform profile is filled in; without it no account can be made. */
  hasProfile: boolean
  isActivated: boolean
}

const asDelivered: Platform = { country: 'AU', hasProfile: true, isActivated: true }

function platform(ctx: SandboxContext): Platform {
  return { ...asDelivered, ...ctx.store.get<Partial<Platform>>('stripe.platform', 'platform') }
}

/** Refuses accounts as Stripe does before the profile is filled in, and for transfers alone. */
export function refuseAccount(
  ctx: SandboxContext,
  capabilities: Record<string, { requested?: boolean } | undefined> = {},
): void {
  if (!platform(ctx).hasProfile)
    throw impossible(
      'Please review the responsibilities of managing losses for connected accounts at ' +
        'https://dashboard.stripe.com/settings/connect/platform-profile.',
    )
  if (capabilities['transfers']?.requested && !capabilities['card_payments']?.requested)
    throw impossible(
      'Your platform needs approval for accounts to have requested the `transfers` capability without the ' +
        '`card_payments` capability. If you would like to request `transfers` without `card_payments` please contact us.',
    )
}

/** Money does not cross the borders of a platform outside the regions that Stripe connects. */
export function refuseBorder(ctx: SandboxContext, country: string): void {
  const home = platform(ctx).country
  if (country !== home)
    throw impossible(
      `Funds can't be sent to accounts located in ${country} because it's restricted outside of your platform's region.`,
    )
}

export const platformOperations = [
  operation({
    name: 'account.retrieve',
    method: 'GET',
    path: '/v1/account',
    params: {},
    act: ({ ctx }) => {
      const { country, isActivated } = platform(ctx)
      return {
        id: `acct_${stableSuffix(ctx.keys['STRIPE_SECRET_KEY'] ?? '', 16)}`,
        object: 'account',
        country,
        default_currency: 'aud',
        email: 'hello@presence.example',
        type: 'standard',
        charges_enabled: isActivated,
        payouts_enabled: isActivated,
        details_submitted: isActivated,
        business_profile: { name: 'Presence', url: ctx.appUrl },
        capabilities: { card_payments: isActivated ? 'active' : 'inactive', transfers: 'active' },
        metadata: {},
      }
    },
  }),
]
