// The ids of the Airtable base's tables and fields, stored so that a table or field that an operator renamed
// is still known after a restart.
import { now } from '../lib/time.ts'
import type { Db } from './client.ts'

export type TableIds = { id: string; fields: Record<string, string> }
/** Tables by our names for them. */
export type BaseIds = Record<string, TableIds>
export type BaseIdStore = {
  load: () => Promise<BaseIds | undefined>
  save: (ids: BaseIds) => Promise<void>
}

export function openBaseIdStore(db: Db, baseId: string): BaseIdStore {
  return {
    load: async () => {
      const row = await db
        .selectFrom('baseIds')
        .select('tables')
        .where('baseId', '=', baseId)
        .executeTakeFirst()
      return row?.tables as BaseIds | undefined
    },
    save: async (ids) => {
      const values = { tables: JSON.stringify(ids), learnedAt: now() }
      await db
        .insertInto('baseIds')
        .values({ baseId, ...values })
        .onConflict((conflict) => conflict.column('baseId').doUpdateSet(values))
        .execute()
    },
  }
}
