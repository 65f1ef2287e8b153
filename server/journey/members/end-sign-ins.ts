// Signing out everywhere: whoever has this person's phone, laptop or cookie is out at once.
import { type Db, inTransaction } from '../../db/client.ts'
import { recordSecurity } from '../../db/security-events.ts'

/** Ends all of them; the database ends their live updates. */
export async function endSignIns(db: Db, personId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.deleteFrom('signIns').where('personId', '=', personId).execute()
    await recordSecurity(tx, { kind: 'signed_out_everywhere', personId, subject: 'by themselves' })
  })
}
