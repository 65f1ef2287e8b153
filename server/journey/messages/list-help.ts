import type { Db } from '../../db/client.ts'
import type { Help } from './help-view.ts'

/** The questions and answers of the help page, in the order of the operators' table. */
export async function listHelp(db: Db): Promise<Help> {
  const prompts = await db
    .selectFrom('helpPrompts')
    .select(['question', 'answer'])
    .orderBy('airtableRecordId')
    .execute()
  return { prompts }
}
