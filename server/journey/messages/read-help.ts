// Questions and answers for the help page, which operators edit in Airtable's Help Desk Prompts.
import { sql } from 'kysely'
import { readTable } from '../../integrations/airtable.ts'
import { readableText } from '../../lib/visible-text.ts'
import type { Context } from '../context.ts'
import { writeEachRow } from './write-each-row.ts'

export const helpFields = ['Question', 'Answer', 'Active'] as const

/** Brings our copy in line with Airtable, row by row. Answers how many were read. */
export async function readHelp(ctx: Context): Promise<number> {
  const records = await readTable(ctx.airtable, 'Help Desk Prompts')
  const rows = records.flatMap(({ id, fields }) => {
    const { Question: question, Answer: answer } = fields
    if (fields['Active'] !== true || typeof question !== 'string' || typeof answer !== 'string') return []
    return [{ airtableRecordId: id, question: readableText(question), answer: readableText(answer) }]
  })
  await writeEachRow(ctx.db, 'Help Desk Prompts', rows, (tx, row) =>
    tx
      .insertInto('helpPrompts')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column('airtableRecordId')
          .doUpdateSet(row)
          .where(
            sql<boolean>`(help_prompts.question, help_prompts.answer) is distinct from (excluded.question, excluded.answer)`,
          ),
      )
      .execute(),
  )
  await ctx.db
    .deleteFrom('helpPrompts')
    .where(sql<boolean>`airtable_record_id <> all(${rows.map((row) => row.airtableRecordId)}::text[])`)
    .execute()
  return rows.length
}
