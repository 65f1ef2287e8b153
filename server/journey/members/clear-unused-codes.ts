// Somebody who asks for a code and never types it leaves a row, and nothing else would remove it.
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'

/** Deletes the rows of codes that have run out. Answers how many. */
export async function clearUnusedCodes(db: Db): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('signInVerifications')
    .where('expiresAt', '<=', now())
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
