// Whether somebody has asked for their account to be deleted, and can still undo it.
import type { Db } from '../../db/client.ts'

/** When it is carried out. */
export async function findLeaving(db: Db, personId: string): Promise<Date | undefined> {
  const found = await db
    .selectFrom('deletions')
    .select('dueAt')
    .where('personId', '=', personId)
    .where('undoneAt', 'is', null)
    .where('carriedOutAt', 'is', null)
    .executeTakeFirst()
  return found?.dueAt
}
