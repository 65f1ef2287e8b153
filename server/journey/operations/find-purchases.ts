// Purchases by who paid, by one of our ids, or by one of Stripe's.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { containing } from '../../db/containing.ts'
import { plainDigits } from '../../lib/plain-digits.ts'
import type { FoundPurchases } from './found-purchases-view.ts'

const maxFound = 20

/**
 * The newest paid purchases. `search` finds a member's name or number, a purchase, a session, a charge or a
 * payment.
 */
export async function findPurchases(db: Db, search: string): Promise<FoundPurchases> {
  const words = search.trim()
  const part = `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`
  const digits = plainDigits(words)
    .replaceAll(/[^0-9]/g, '')
    .replace(/^0/, '')
  const rows = await db
    .selectFrom('purchases')
    .innerJoin('members', 'members.id', 'purchases.memberId')
    .select([
      'purchases.id',
      'purchases.plan',
      'purchases.amountCents',
      'purchases.currency',
      'purchases.status',
      'purchases.paidAt',
    ])
    .select(['members.fullName', 'members.mobileNumber'])
    .select(
      sql<number>`(select coalesce(sum(refunded_cents), 0)::int from bookings where purchase_id = purchases.id)`.as(
        'refundedCents',
      ),
    )
    .select(
      sql<boolean>`exists (select from operator_tasks where operator_tasks.purchase_id = purchases.id
        and operator_tasks.kind = 'money_difference' and operator_tasks.resolved_at is null)`.as('isStopped'),
    )
    .select(
      sql<boolean>`exists (select from disputes where disputes.purchase_id = purchases.id and disputes.status = 'open')`.as(
        'isDisputed',
      ),
    )
    .where('purchases.paidAt', 'is not', null)
    .$if(words !== '', (query) =>
      query.where((eb) =>
        eb.or([
          eb('members.searchText', 'like', containing(words)),
          ...(digits.length >= 4 ? [eb('members.mobileNumber', 'like', `%${digits}%`)] : []),
          eb(sql<string>`purchases.id::text`, 'ilike', part),
          eb('purchases.chargeId', '=', words),
          eb('purchases.paymentIntentId', '=', words),
          sql<boolean>`exists (select from bookings where purchase_id = purchases.id and bookings.id::text = ${words.toLowerCase()})`,
        ]),
      ),
    )
    .orderBy('purchases.paidAt', 'desc')
    .limit(maxFound)
    .execute()
  return {
    purchases: rows.map((row) => ({
      id: row.id,
      memberName: row.fullName,
      memberNumber: row.mobileNumber,
      plan: row.plan,
      amountCents: row.amountCents,
      refundedCents: row.refundedCents,
      currency: row.currency,
      status: row.status === 'refunded' ? 'refunded' : 'paid',
      paidAt: row.paidAt!.toISOString(),
      isDisputed: row.isDisputed,
      isStopped: row.isStopped,
    })),
  }
}
