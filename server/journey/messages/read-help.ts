// Questions and answers for the help page, which operators edit in Airtable's Help Desk Prompts.
import { inTransaction } from '../../db/client.ts'
import { readTable } from '../../integrations/airtable.ts'
import type { Context } from '../context.ts'

export const helpFields = ['Question', 'Answer', 'Active'] as const

/** Replaces our copy by what Airtable has. Answers how many were read. */
export async function readHelp(ctx: Context): Promise<number> {
  const records = await readTable(ctx.airtable, 'Help Desk Prompts')
  const rows = records.flatMap(({ id, fields }) => {
    const { Question: question, Answer: answer } = fields
    if (fields['Active'] !== true || typeof question !== 'string' || typeof answer !== 'string') return []
    return [{ airtableRecordId: id, question, answer }]
  })
  await inTransaction(ctx.db, async (tx) => {
    await tx.deleteFrom('helpPrompts').execute()
    if (rows.length > 0) await tx.insertInto('helpPrompts').values(rows).execute()
  })
  return rows.length
}
