// The terms under which a session was bought. They never change, so they can be read before a lock is taken.
import type { Db, Tx } from '../../db/client.ts'
import type { Terms } from './plan.ts'
import { readTerms } from './terms.ts'

export async function findTerms(db: Db | Tx, purchaseId: string): Promise<Terms> {
  const { terms } = await db
    .selectFrom('purchases')
    .select('terms')
    .where('id', '=', purchaseId)
    .executeTakeFirstOrThrow()
  return readTerms(terms)
}
