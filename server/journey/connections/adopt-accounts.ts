// The accounts of the present keys take over: ids of the former ones are forgotten, money history stays.
import { inTransaction, type Tx } from '../../db/client.ts'
import { closeOperatorTask } from '../../db/operator-tasks.ts'
import { recordsChanged } from '../../db/record-changes.ts'
import type { AccountProvider } from '../../db/service-accounts.ts'
import { Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findAccounts } from './find-accounts.ts'

/**
 * Adopts every exchanged account, each in one transaction. Answers what was adopted. Refuses conflict where test
 * and live money would stand in one ledger.
 */
export async function adoptAccounts(ctx: Context): Promise<AccountProvider[]> {
  const adopted: AccountProvider[] = []
  for (const { provider, account, mode, country } of await findAccounts(ctx)) {
    const isDone = await inTransaction(ctx.db, async (tx) => {
      const kept = await tx
        .selectFrom('serviceAccounts')
        .selectAll()
        .where('provider', '=', provider)
        .forUpdate()
        .executeTakeFirst()
      if (!kept || (kept.account === account && kept.mode === mode)) return false
      if (kept.mode !== mode) await refuseMixing(tx)
      await forget[provider](tx)
      await tx
        .updateTable('serviceAccounts')
        .set({ account, mode, country, foundAccount: account, foundMode: mode, since: now() })
        .where('provider', '=', provider)
        .execute()
      await closeOperatorTask(tx, `other_account:${provider}`, 'Adopted')
      return true
    })
    if (isDone) adopted.push(provider)
  }
  return adopted
}

async function refuseMixing(tx: Tx): Promise<void> {
  const posted = await tx.selectFrom('postings').select('id').orderBy('id').limit(1).executeTakeFirst()
  if (posted)
    throw new Refusal(
      'conflict',
      'This database holds money of the other mode, and test and live are never mixed. Use an empty database.',
    )
}

const forget: Record<AccountProvider, (tx: Tx) => Promise<void>> = {
  stripe: forgetStripe,
  airtable: forgetAirtable,
  calcom: async (tx) => void (await tx.deleteFrom('calendarSlots').execute()),
  daily: forgetDaily,
}

/** Purchases, payouts and the ledger stay: they say what happened at the former account. */
async function forgetStripe(tx: Tx): Promise<void> {
  await tx
    .updateTable('members')
    .set({ stripeCustomerId: null })
    .where('stripeCustomerId', 'is not', null)
    .execute()
  await tx
    .updateTable('hosts')
    .set({ stripeAccountId: null, onboardingStatus: 'not_started', canBePaid: false, updatedAt: now() })
    .where('stripeAccountId', 'is not', null)
    .execute()
  // Nobody can pay them any more.
  await tx.updateTable('purchases').set({ status: 'expired' }).where('status', '=', 'open').execute()
}

/** Every record is written anew into the other base. */
async function forgetAirtable(tx: Tx): Promise<void> {
  await tx
    .updateTable('members')
    .set({ airtableRecordId: null })
    .where('airtableRecordId', 'is not', null)
    .execute()
  await tx.deleteFrom('airtableWebhooks').execute()
  const ids = async (table: 'members' | 'bookings' | 'refunds') =>
    (await tx.selectFrom(table).select('id').execute()).map(({ id }) => id)
  await recordsChanged(tx, 'Members', await ids('members'))
  await recordsChanged(tx, 'Presence Operations', await ids('bookings'))
  await recordsChanged(tx, 'Refunds', await ids('refunds'))
  const likes = await tx.selectFrom('likes').select(['hostId', 'memberId']).execute()
  await recordsChanged(
    tx,
    'Likes',
    likes.map(({ hostId, memberId }) => `${hostId}:${memberId}`),
  )
}

/** Rooms that have not ended are made again in the other domain, at the latest when somebody joins. */
async function forgetDaily(tx: Tx): Promise<void> {
  await tx
    .updateTable('rooms')
    .set({ status: 'not_created', url: null })
    .where('provider', '=', 'daily')
    .where('status', '=', 'active')
    .where('closesAt', '>', now())
    .execute()
}
