// Message texts and prompts, which operators edit in Airtable.
import { inTransaction } from '../../db/client.ts'
import { readTable } from '../../integrations/airtable.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

export const templateFields = ['Template Name', 'Message Body', 'Type', 'Channel', 'Active'] as const

/** Replaces our copy by what Airtable has. Answers how many were read. */
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
        updatedAt: time,
      },
    ]
  })
  await inTransaction(ctx.db, async (tx) => {
    await tx.deleteFrom('templates').execute()
    if (rows.length > 0) await tx.insertInto('templates').values(rows).execute()
  })
  return rows.length
}
