// Whose ids we keep: the account and mode at each service that they belong to, and whose the present keys are.
import type { Db } from './client.ts'
import type { ServiceAccounts } from './schema.generated.ts'

export type AccountProvider = ServiceAccounts['provider']

/** Whether the present keys belong to another account or mode than the ids that are kept. */
export async function isOtherAccount(db: Db, provider: AccountProvider): Promise<boolean> {
  const row = await db
    .selectFrom('serviceAccounts')
    .select(['account', 'mode', 'foundAccount', 'foundMode'])
    .where('provider', '=', provider)
    .executeTakeFirst()
  return row !== undefined && (row.account !== row.foundAccount || row.mode !== row.foundMode)
}

/** The country of our account at Stripe, from which hosts are paid. Null before it was asked once. */
export async function readPlatformCountry(db: Db): Promise<string | null> {
  const row = await db
    .selectFrom('serviceAccounts')
    .select('country')
    .where('provider', '=', 'stripe')
    .executeTakeFirst()
  return row?.country ?? null
}
