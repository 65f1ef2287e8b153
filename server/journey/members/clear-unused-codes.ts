// Somebody who asks for a code and never types it leaves a row, and nothing else would remove it.
import type { Db } from '../../db/client.ts'
import { addHours, now } from '../../lib/time.ts'

/** Deletes codes that have run out, and changes of number that nobody finished. Answers how many codes. */
export async function clearUnusedCodes(db: Db): Promise<number> {
  await db.deleteFrom('numberChanges').where('askedAt', '<=', addHours(now(), -1)).execute()
  const { numDeletedRows } = await db
    .deleteFrom('signInVerifications')
    .where('expiresAt', '<=', now())
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
