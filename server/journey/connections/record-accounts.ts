// At every start: are the stored ids still those of the keys' accounts? Others are noticed, never mixed.
import { inTransaction } from '../../db/client.ts'
import { closeOperatorTask, reopenOperatorTask } from '../../db/operator-tasks.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findAccounts, type FoundAccount } from './find-accounts.ts'

/** One account that the ids belong to, and the other one that the keys belong to. */
export type Exchanged = { provider: string; kept: string; found: string }

/** Keeps whose the keys are. Answers the services where the ids belong to another account or mode. */
export async function recordAccounts(ctx: Context): Promise<Exchanged[]> {
  const exchanged: Exchanged[] = []
  for (const found of await findAccounts(ctx)) {
    const one = await recordAccount(ctx, found)
    if (one) exchanged.push(one)
  }
  return exchanged
}

async function recordAccount(ctx: Context, found: FoundAccount): Promise<Exchanged | undefined> {
  const { provider, account, mode, country } = found
  return inTransaction(ctx.db, async (tx) => {
    const seen = { foundAccount: account, foundMode: mode }
    const kept = await tx
      .insertInto('serviceAccounts')
      .values({ provider, account, mode, country, since: now(), ...seen })
      .onConflict((conflict) => conflict.column('provider').doUpdateSet(seen))
      .returning(['account', 'mode'])
      .executeTakeFirstOrThrow()
    const key = `other_account:${provider}`
    if (kept.account === account && kept.mode === mode) {
      await closeOperatorTask(tx, key, 'The keys are those of the stored ids again')
      return undefined
    }
    const exchanged = { provider, kept: nameOf(kept), found: nameOf(found) }
    const sentence =
      `The keys of ${provider} are those of ${exchanged.found}, and the stored ids belong to ${exchanged.kept}. ` +
      'Set the former keys, or forget what belongs to them with "npm run accounts -- --adopt".'
    console.warn(sentence)
    await reopenOperatorTask(tx, { key, kind: 'setup', sentence })
    return exchanged
  })
}

const nameOf = ({ account, mode }: { account: string; mode: string }) =>
  mode === 'test' ? `${account} (test mode)` : account
