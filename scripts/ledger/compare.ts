// Compares the ledger with Stripe: every movement at Stripe belongs to a purchase here, and the movements of
// each purchase sum to the balance that the ledger has for it.
import { sql } from 'kysely'
import { listMovements, type Movement } from '../../server/integrations/stripe-movements.ts'
import { isId } from '../../server/lib/ids.ts'
import type { Books } from './books.ts'
import { dollars } from './print.ts'

/**
 * One sentence per discrepancy, since the mark of the first start. What names no purchase of Presence
 * (payouts to our own bank, another product's payments) is not compared.
 */
export async function compareWithStripe({ db, stripe }: Books): Promise<string[]> {
  const mark = await db.selectFrom('movementsRead').select('beganAt').executeTakeFirst()
  const movements = await listMovements(stripe, mark?.beganAt)
  const known = await knownObjects(db)
  const theirs = new Map<string, number>()
  const differences: string[] = []
  for (const movement of movements.filter(({ origin }) => origin)) {
    const purchaseId = purchaseOf(movement, known)
    const isOurs = purchaseId !== undefined || isId(movement.origin?.purchaseId ?? '')
    if (!isOurs) continue
    if (!purchaseId)
      differences.push(
        `${movement.id}: Stripe moved ${dollars(movement.netCents)} (${movement.type}) for nothing that is known here`,
      )
    else theirs.set(purchaseId, (theirs.get(purchaseId) ?? 0) + movement.netCents)
  }
  const { rows } = await sql<{ purchaseId: string; cents: number }>`
    select purchase_id, sum(amount_cents)::bigint as cents from ledger_entries join postings on postings.id = posting_id
    where account = 'stripe_balance' group by purchase_id`.execute(db)
  const ours = new Map(rows.map((row) => [row.purchaseId, row.cents]))
  for (const purchaseId of new Set([...ours.keys(), ...theirs.keys()])) {
    const here = ours.get(purchaseId) ?? 0
    const there = theirs.get(purchaseId) ?? 0
    if (here !== there)
      differences.push(
        `purchase ${purchaseId}: the ledger has ${dollars(here)} at Stripe, Stripe has ${dollars(there)}`,
      )
  }
  return differences
}

type Known = { purchases: Set<string>; charges: Map<string, string>; transfers: Map<string, string> }

async function knownObjects(db: Books['db']): Promise<Known> {
  const purchases = await db.selectFrom('purchases').select(['id', 'chargeId']).execute()
  const payouts = await db
    .selectFrom('payouts')
    .select(['purchaseId', 'transferId'])
    .where('transferId', 'is not', null)
    .execute()
  return {
    purchases: new Set(purchases.map(({ id }) => id)),
    charges: new Map(purchases.flatMap(({ id, chargeId }) => (chargeId ? [[chargeId, id]] : []))),
    transfers: new Map(payouts.map(({ purchaseId, transferId }) => [transferId!, purchaseId])),
  }
}

function purchaseOf({ origin }: Movement, known: Known): string | undefined {
  const found = known.charges.get(origin?.chargeId ?? '') ?? known.transfers.get(origin?.transferId ?? '')
  return (
    found ?? (origin?.purchaseId && known.purchases.has(origin.purchaseId) ? origin.purchaseId : undefined)
  )
}
