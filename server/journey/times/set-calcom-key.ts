// A host connects their own Cal.com with a key of theirs, which is kept encrypted and never shown again.
import { inTransaction } from '../../db/client.ts'
import { closeOperatorTask, reopenOperatorTask } from '../../db/operator-tasks.ts'
import {
  deleteCalWebhook,
  ensureCalWebhook,
  fetchCalEventTypeFacts,
  fetchCalMe,
} from '../../integrations/calcom-accounts.ts'
import type { CalcomClient } from '../../integrations/calcom.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { derivedSecret, seal } from '../../lib/sealed.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { hostFaultKey, keyRefused } from '../our-faults.ts'
import { plans } from '../plans/plan.ts'
import { calAccountOf, isOfTeam } from './calendar.ts'
import type { Calcom } from './calcom-view.ts'
import { calcomProblems } from './calcom-problems.ts'
import { calcomWithKey, findCalcom, limitOf } from './find-calcom.ts'
import { forgetCalSlots } from './read-cal-slots.ts'

type CalHost = { id: string; calUsername: string | null; calEventSlug: string | null }

/** Refuses: invalid_input where the key is unknown or another's, conflict without a Cal Link. */
export async function setCalcomKey(ctx: Context, hostId: string, apiKey: string): Promise<void> {
  const host = await ctx.db
    .selectFrom('hosts')
    .select(['id', 'calUsername', 'calEventSlug'])
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow()
  if (!host.calUsername)
    throw new Refusal('conflict', 'We do not know your Cal Link yet. Please send it to us first.')
  await ctx.db
    .insertInto('slidingWindows')
    .values({ provider: limitOf(hostId) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const calcom = { ...calcomWithKey(ctx, hostId, apiKey), isTried: true }
  const me = await askMe(calcom)
  if (me.username.toLowerCase() !== host.calUsername.toLowerCase().split('@')[0])
    throw new Refusal(
      'invalid_input',
      `This key belongs to "${me.username}" at Cal.com, but your Cal Link leads to "${host.calUsername}". Please use a key of that account.`,
    )
  const problems = await findProblems(calcom, host)
  const webhookId = await ensureCalWebhook(calcom, webhookOf(ctx, hostId))
  const time = now()
  const row = {
    sealedKey: seal(ctx.config.authSecret, hostId, apiKey),
    calUsername: me.username,
    calEmail: me.email,
    webhookId,
    problems,
    checkedAt: time,
  }
  await inTransaction(ctx.db, async (tx) => {
    await tx
      .insertInto('calcomConnections')
      .values({ hostId, connectedAt: time, ...row })
      .onConflict((conflict) => conflict.column('hostId').doUpdateSet(row))
      .execute()
    await closeOperatorTask(tx, hostFaultKey(hostId), 'the host has connected Cal.com')
  })
  await forgetCalSlots(ctx.db, [hostId])
}

/** Sessions ahead stay as they are: the platform's key goes on with what it may see. */
export async function dropCalcomKey(ctx: Context, hostId: string): Promise<void> {
  const connection = await ctx.db
    .selectFrom('calcomConnections')
    .select('webhookId')
    .where('hostId', '=', hostId)
    .executeTakeFirst()
  if (!connection) return
  try {
    if (connection.webhookId) await deleteCalWebhook(await findCalcom(ctx, hostId), connection.webhookId)
  } catch (error) {
    // A revoked key cannot take its webhook away; what it sends is ignored without a connection.
    if (!(error instanceof ProviderError)) throw error
  }
  await ctx.db.deleteFrom('calcomConnections').where('hostId', '=', hostId).execute()
  await forgetCalSlots(ctx.db, [hostId])
}

/** Where this host's Cal.com tells us of changes, and how it signs: no host can speak for another. */
function webhookOf(ctx: Context, hostId: string): { subscriberUrl: string; secret: string } {
  return {
    subscriberUrl: `${ctx.config.publicUrl}/functions/v1/calcom-webhook?host=${hostId}`,
    secret: derivedSecret(ctx.config.authSecret, `calcom webhook ${hostId}`),
  }
}

async function askMe(calcom: CalcomClient) {
  try {
    return await fetchCalMe(calcom)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.status === 401 || error.status === 403)
      throw new Refusal('invalid_input', 'Cal.com does not accept this key. Please copy it again.')
    throw new Refusal('calendar_unavailable', 'Cal.com does not answer just now. Please try again soon.')
  }
}

async function findProblems(calcom: CalcomClient, host: CalHost): Promise<string[]> {
  // A team's event types are the business's own.
  if (isOfTeam(host)) return []
  const facts = await fetchCalEventTypeFacts(calcom, calAccountOf(host))
  return calcomProblems(host.calEventSlug ?? '', facts, plans.Adhoc.sessionMinutes)
}

/** Once a day, for every host of Cal.com who can be booked: what the host has to mend becomes one task. */
export async function checkCalcoms(ctx: Context): Promise<void> {
  const hosts = await ctx.db
    .selectFrom('hosts')
    .leftJoin('calcomConnections', 'calcomConnections.hostId', 'hosts.id')
    .select(['hosts.id', 'hosts.fullName', 'hosts.calUsername', 'hosts.calEventSlug'])
    .select('calcomConnections.hostId as connectedId')
    .where('hosts.calUsername', 'is not', null)
    .where('hosts.status', '=', 'Active')
    .where('hosts.verificationStatus', '=', 'Verified')
    .execute()
  for (const host of hosts) {
    const problems = await problemsOf(ctx, host, host.connectedId !== null)
    if (problems) await recordProblems(ctx, host, problems)
  }
}

/** Undefined where Cal.com did not answer: that is no news about this host. */
async function problemsOf(ctx: Context, host: CalHost, isConnected: boolean): Promise<string[] | undefined> {
  try {
    const calcom = await findCalcom(ctx, host.id)
    const problems = await findProblems(calcom, host)
    if (isConnected) await ensureCalWebhook(calcom, webhookOf(ctx, host.id))
    return problems
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.status === 401 || error.status === 403) return [keyRefused]
    return undefined
  }
}

async function recordProblems(
  ctx: Context,
  host: { id: string; fullName: string },
  problems: string[],
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    await tx
      .updateTable('calcomConnections')
      .set({ problems, checkedAt: now() })
      .where('hostId', '=', host.id)
      .execute()
    if (problems.length === 0) return closeOperatorTask(tx, hostFaultKey(host.id), 'Cal.com is in order')
    await reopenOperatorTask(tx, {
      key: hostFaultKey(host.id),
      kind: 'setup',
      hostId: host.id,
      sentence: `Cal.com of ${host.fullName} is not ready. The host was told: ${problems.join(' ')}`,
    })
  })
}

/** What the host dashboard says of a host's Cal.com; never the key. */
export async function readCalcom(ctx: Context, hostId: string): Promise<Calcom> {
  const row = await ctx.db
    .selectFrom('hosts')
    .leftJoin('calcomConnections', 'calcomConnections.hostId', 'hosts.id')
    .select(['hosts.calUsername', 'hosts.calEventSlug', 'calcomConnections.calUsername as connectedAs'])
    .select(['problems', 'checkedAt'])
    .where('hosts.id', '=', hostId)
    .executeTakeFirstOrThrow()
  return {
    link: row.calUsername ? `${row.calUsername}/${row.calEventSlug}` : null,
    connectedAs: row.connectedAs,
    problems: row.problems ?? [],
    checkedAt: row.checkedAt?.toISOString() ?? null,
  }
}
