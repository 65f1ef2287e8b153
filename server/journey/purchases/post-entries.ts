// Writes one posting to the ledger, once: its dedupe key is made from our ids.
import type { Tx } from '../../db/client.ts'
import { newId } from '../../lib/ids.ts'
import type { Currency } from '../../lib/money.ts'
import { now } from '../../lib/time.ts'
import { entriesOf, type Posting } from './ledger.ts'

/** Adds `posting` unless its key exists. Answers whether it was added. */
export async function postEntries(
  tx: Tx,
  purchase: { id: string; currency: Currency },
  posting: Posting,
): Promise<boolean> {
  const entries = entriesOf(posting)
  if (entries.length === 0) return false
  const postingId = newId()
  const added = await tx
    .insertInto('postings')
    .values({
      id: postingId,
      key: posting.key,
      kind: posting.kind,
      purchaseId: purchase.id,
      bookingId: 'bookingId' in posting ? posting.bookingId : null,
      postedAt: now(),
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) return false
  await tx
    .insertInto('ledgerEntries')
    .values(
      entries.map((entry) => ({
        id: newId(),
        postingId,
        account: entry.account,
        hostId: entry.hostId ?? null,
        amountCents: entry.amountCents,
        currency: purchase.currency,
      })),
    )
    .execute()
  return true
}
