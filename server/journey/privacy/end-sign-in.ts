// Signing out one place, such as a phone that was lost. The database ends its live updates.
import { type Db, inTransaction } from '../../db/client.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { notFound } from '../../lib/errors.ts'

/** Refuses: not_found, also for somebody else's. */
export async function endSignIn(db: Db, personId: string, signInId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const ended = await tx
      .deleteFrom('signIns')
      .where('id', '=', signInId)
      .where('personId', '=', personId)
      .executeTakeFirst()
    if (ended.numDeletedRows === 0n) throw notFound('sign-in')
    await recordSecurity(tx, { kind: 'signed_out', personId, subject: `sign-in ${signInId}` })
  })
}
