// The ids of the base's tables and fields, kept so that a name that an operator changed is still known after
// a restart.
import { now } from '../lib/time.ts'
import type { Db } from './client.ts'

export type TableIds = { id: string; fields: Record<string, string> }
/** By our names. */
export type BaseIds = Record<string, TableIds>
export type KeptIds = { recall: () => Promise<BaseIds | undefined>; keep: (ids: BaseIds) => Promise<void> }

export function keptBaseIds(db: Db, baseId: string): KeptIds {
  return {
    recall: async () => {
      const row = await db
        .selectFrom('baseIds')
        .select('tables')
        .where('baseId', '=', baseId)
        .executeTakeFirst()
      return row?.tables as BaseIds | undefined
    },
    keep: async (ids) => {
      const values = { tables: JSON.stringify(ids), learnedAt: now() }
      await db
        .insertInto('baseIds')
        .values({ baseId, ...values })
        .onConflict((conflict) => conflict.column('baseId').doUpdateSet(values))
        .execute()
    },
  }
}
