// Whose the present keys are, at every service that names its own account.
import type { AccountProvider } from '../../db/service-accounts.ts'
import { fetchCalOwner } from '../../integrations/calcom-setup.ts'
import { fetchDailyDomain } from '../../integrations/daily-setup.ts'
import { fetchOwnAccount } from '../../integrations/stripe-account.ts'
import { ProviderError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'

export type FoundAccount = {
  provider: AccountProvider
  account: string
  mode: 'live' | 'test'
  country: string | null
}

/** A service that does not answer now is left out. */
export async function findAccounts(ctx: Context): Promise<FoundAccount[]> {
  const found = await Promise.all([
    unlessAway(async () => {
      const { id, isLive, country } = await fetchOwnAccount(ctx.stripe)
      return { provider: 'stripe' as const, account: id, mode: isLive ? 'live' : 'test', country }
    }),
    unlessAway(async () => ({
      ...other,
      provider: 'airtable' as const,
      account: ctx.config.airtable.baseId,
    })),
    unlessAway(async () => {
      const { id, username } = await fetchCalOwner(ctx.calcom)
      return { ...other, provider: 'calcom' as const, account: username || String(id) }
    }),
    unlessAway(async () =>
      ctx.config.video === 'daily'
        ? { ...other, provider: 'daily' as const, account: (await fetchDailyDomain(ctx.daily)).name }
        : undefined,
    ),
  ])
  return found.filter((one) => one !== undefined)
}

const other = { mode: 'live' as const, country: null }

async function unlessAway(look: () => Promise<FoundAccount | undefined>): Promise<FoundAccount | undefined> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof ProviderError) return undefined
    throw error
  }
}
