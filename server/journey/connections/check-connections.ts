// Looks at every service once, keeps what was found, and keeps one task of each service and cause.
import { inTransaction, type Tx } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { closeOperatorTask, reopenOperatorTask } from '../../db/operator-tasks.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { faultKey } from '../our-faults.ts'
import { checkAddress } from './check-address.ts'
import { checkAirtable } from './check-airtable.ts'
import { checkCalcom } from './check-calcom.ts'
import { checkDaily } from './check-daily.ts'
import { checkStripe } from './check-stripe.ts'
import { checkTwilio } from './check-twilio.ts'
import { type ConnectionLine, type ConnectionProvider, connectionProviders } from './connection.ts'

const checks: Record<ConnectionProvider, (ctx: Context) => ConnectionLine[] | Promise<ConnectionLine[]>> = {
  presence: checkAddress,
  stripe: checkStripe,
  twilio: checkTwilio,
  calcom: checkCalcom,
  daily: checkDaily,
  airtable: checkAirtable,
}

/** What a look at one service, or all of them, finds. Every call is harmless; none changes anything. */
export async function findConnections(
  ctx: Context,
  providers: readonly ConnectionProvider[] = connectionProviders,
): Promise<ConnectionLine[]> {
  const found = await Promise.all(providers.map(async (provider) => checks[provider](ctx)))
  return found.flat()
}

/** Looks at all services, keeps the lines, and opens or closes the tasks about them. */
export async function checkConnections(ctx: Context): Promise<ConnectionLine[]> {
  const lines = await findConnections(ctx)
  const checkedAt = now()
  await inTransaction(ctx.db, async (tx) => {
    await tx.deleteFrom('connectionChecks').execute()
    await tx
      .insertInto('connectionChecks')
      .values(lines.map((line, position) => ({ ...line, position, checkedAt })))
      .onConflict((conflict) => conflict.columns(['provider', 'name']).doNothing())
      .execute()
    await updateTasks(tx, lines)
    await announce(tx, { topics: ['ops'], forOperators: true })
  })
  return lines
}

/** A service that is away has its own figures, and comes back by itself: no task for it. */
const passing = ['unreachable', 'too_many_calls']

async function updateTasks(tx: Tx, lines: ConnectionLine[]): Promise<void> {
  const failing = lines.filter(({ cause }) => cause !== null && !passing.includes(cause))
  const keys = new Set(failing.map(({ provider, cause }) => faultKey(provider, cause!)))
  for (const line of failing)
    await reopenOperatorTask(tx, {
      key: faultKey(line.provider, line.cause!),
      kind: 'setup',
      sentence: `${line.finding}. ${line.mend}`,
    })
  // Only a service that answered in full says that something is mended.
  const silent = new Set(
    lines.filter(({ cause }) => passing.includes(cause ?? '')).map((line) => line.provider),
  )
  const open = await tx
    .selectFrom('operatorTasks')
    .select('key')
    .where('key', 'like', 'refused:%')
    .where('resolvedAt', 'is', null)
    .execute()
  for (const { key } of open) {
    const provider = key.split(':')[1] as ConnectionProvider
    if (!keys.has(key) && !silent.has(provider)) await closeOperatorTask(tx, key, 'Found in order')
  }
}
