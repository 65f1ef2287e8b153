// Reminds a member who has paid and not visited since, once for each purchase. A job that runs too early
// enqueues itself again.
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findStopped } from '../members/find-stopped.ts'
import { readTerms } from '../plans/terms.ts'
import { planReminder, type Inactivity } from './reminder.ts'

/** Twilio's error code for a number whose owner has texted STOP. */

export async function remindInactive(ctx: Context, purchaseId: string): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const purchase = await tx
      .selectFrom('purchases')
      .innerJoin('members', 'members.id', 'purchases.memberId')
      .select([
        'purchases.memberId',
        'purchases.terms',
        'purchases.paidAt',
        'members.mobileNumber',
        'members.timeZone',
        'members.lastActiveAt',
      ])
      .where('purchases.id', '=', purchaseId)
      .where('purchases.status', '=', 'paid')
      .where('members.status', '=', 'Active')
      .executeTakeFirst()
    if (!purchase?.mobileNumber) return
    const plan = planReminder(await readInactivity(tx, purchaseId, purchase), now())
    if (!plan) return
    if ('lookAgainAt' in plan) return enqueue(tx, 'remind-inactive', { purchaseId }, { at: plan.lookAgainAt })
    if ((await findStopped(tx, [purchase.mobileNumber])).size > 0) return
    await enqueue(tx, 'send-message', {
      key: `inactive:${purchaseId}`,
      template: 'Inactive 48h Reminder',
      recipient: 'member',
      purchaseId,
      usefulUntil: plan.sendUntil.toISOString(),
    })
  })
}

type PaidPurchase = {
  memberId: string
  terms: unknown
  paidAt: Date | null
  timeZone: string
  lastActiveAt: Date
}

async function readInactivity(
  tx: Tx,
  purchaseId: string,
  { memberId, terms, paidAt, timeZone, lastActiveAt }: PaidPurchase,
): Promise<Inactivity> {
  const own = tx.selectFrom('bookings').where('memberId', '=', memberId)
  const unused = await own
    .select('validUntil')
    .where('purchaseId', '=', purchaseId)
    .where('state', '=', 'pending')
    .execute()
  const ahead = await own
    .select('endAt')
    .where('state', '=', 'created')
    .where('endAt', '>', now())
    .orderBy('endAt', 'desc')
    .executeTakeFirst()
  const newer = await tx
    .selectFrom('bookings')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .select('bookings.id')
    .where('bookings.memberId', '=', memberId)
    .where('bookings.state', '=', 'pending')
    .where('bookings.validUntil', '>', now())
    .where('purchases.paidAt', '>', paidAt)
    .executeTakeFirst()
  return {
    lastActiveAt: paidAt && paidAt > lastActiveAt ? paidAt : lastActiveAt,
    timeZone,
    bookedUntil: ahead?.endAt ?? null,
    unusedUntil: unused.map(({ validUntil }) => validUntil),
    hasNewerUnused: newer !== undefined,
    warningHours: readTerms(terms).expiryWarningHours,
  }
}
