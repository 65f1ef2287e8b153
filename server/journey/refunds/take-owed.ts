// Refunds still owed: Stripe refused them, or the bank sent them back. Money that reaches the member another
// way (by hand in Stripe's dashboard, or by a lost dispute) settles these first.
import type { Selectable } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { recordChanged } from '../../db/record-changes.ts'
import type { Refunds } from '../../db/schema.generated.ts'
import { newId } from '../../lib/ids.ts'

type RefundRow = Selectable<Refunds>

/** The cents of a purchase's refunds that are owed and not under way. */
export async function owedToMember(tx: Tx, purchaseId: string): Promise<number> {
  const rows = await tx
    .selectFrom('refunds')
    .select('amountCents')
    .where('purchaseId', '=', purchaseId)
    .where('status', '=', 'failed')
    .execute()
  return rows.reduce((sum, row) => sum + row.amountCents, 0)
}

/**
 * Locks and answers the refunds that `cents` settle, the oldest first. One that is covered only in part is
 * split in two.
 */
export async function takeOwed(
  tx: Tx,
  purchaseId: string,
  cents: number,
): Promise<{ id: string; amountCents: number }[]> {
  const owed = await tx
    .selectFrom('refunds')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .where('status', '=', 'failed')
    .orderBy('createdAt')
    .orderBy('id')
    .forUpdate()
    .execute()
  const taken: { id: string; amountCents: number }[] = []
  let open = cents
  for (const refund of owed) {
    if (open === 0) break
    const amountCents = Math.min(open, refund.amountCents)
    const id = amountCents === refund.amountCents ? refund.id : await splitOff(tx, refund, amountCents)
    taken.push({ id, amountCents })
    open -= amountCents
  }
  return taken
}

/** Splits `cents` off into a refund of its own, with its parts. Answers the new refund's id. */
async function splitOff(tx: Tx, refund: RefundRow, cents: number): Promise<string> {
  const id = newId()
  await tx
    .insertInto('refunds')
    .values({ ...refund, id, amountCents: cents, refundId: null })
    .execute()
  await tx
    .updateTable('refunds')
    .set({ amountCents: refund.amountCents - cents })
    .where('id', '=', refund.id)
    .execute()
  const parts = await tx
    .selectFrom('refundParts')
    .selectAll()
    .where('refundId', '=', refund.id)
    .orderBy('bookingId')
    .execute()
  let open = cents
  for (const part of parts) {
    const amountCents = Math.min(open, part.amountCents)
    if (amountCents === 0) break
    const hostCents = Math.floor((part.hostCents * amountCents) / part.amountCents)
    await tx
      .insertInto('refundParts')
      .values({ refundId: id, bookingId: part.bookingId, amountCents, hostCents })
      .execute()
    const whole = tx
      .deleteFrom('refundParts')
      .where('refundId', '=', refund.id)
      .where('bookingId', '=', part.bookingId)
    const rest = tx
      .updateTable('refundParts')
      .set({ amountCents: part.amountCents - amountCents, hostCents: part.hostCents - hostCents })
      .where('refundId', '=', refund.id)
      .where('bookingId', '=', part.bookingId)
    await (amountCents === part.amountCents ? whole : rest).execute()
    open -= amountCents
  }
  for (const one of [id, refund.id]) await recordChanged(tx, 'Refunds', one)
  return id
}
