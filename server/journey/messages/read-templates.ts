// Message texts and prompts, which operators edit in Airtable.
import { sql } from 'kysely'
import { readTable } from '../../integrations/airtable.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { writeEachRow } from './write-each-row.ts'

export const templateFields = ['Template Name', 'Message Body', 'Type', 'Channel', 'Active'] as const

/** Brings our copy in line with Airtable, row by row. Answers how many were read. */
export async function readTemplates(ctx: Context): Promise<number> {
  const records = await readTable(ctx.airtable, 'Templates')
  const time = now()
  const rows = records.flatMap(({ id, fields }) => {
    const name = fields['Template Name']
    const body = fields['Message Body']
    if (typeof name !== 'string' || typeof body !== 'string' || body.trim() === '') return []
    return [
      {
        airtableRecordId: id,
        name: name.trim(),
        body,
        type: typeof fields['Type'] === 'string' ? fields['Type'] : null,
        channel: typeof fields['Channel'] === 'string' ? fields['Channel'] : null,
        isActive: fields['Active'] === true,
      },
    ]
  })
  await writeEachRow(ctx.db, 'Templates', rows, (tx, row) =>
    tx
      .insertInto('templates')
      .values({ ...row, updatedAt: time })
      .onConflict((conflict) =>
        conflict
          .column('airtableRecordId')
          .doUpdateSet({ ...row, updatedAt: time })
          .where(
            sql<boolean>`(templates.name, templates.body, templates.type, templates.channel, templates.is_active)
              is distinct from (excluded.name, excluded.body, excluded.type, excluded.channel, excluded.is_active)`,
          ),
      )
      .execute(),
  )
  await ctx.db
    .deleteFrom('templates')
    .where(sql<boolean>`airtable_record_id <> all(${rows.map((row) => row.airtableRecordId)}::text[])`)
    .execute()
  return rows.length
}
