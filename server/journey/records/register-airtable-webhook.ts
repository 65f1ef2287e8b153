// Keeps a webhook alive at Airtable that tells us of edits: it expires after seven days.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { createAirtableWebhook, refreshAirtableWebhook } from '../../integrations/airtable.ts'
import { addDays, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { hostFields } from '../hosts/host.ts'
import { helpFields } from '../messages/read-help.ts'
import { templateFields } from '../messages/read-templates.ts'

/** What operators edit and we read. Our own writes touch none of it, so they cause no notification. */
const watched = [
  { table: 'Hosts', fields: hostFields },
  { table: 'Templates', fields: templateFields },
  { table: 'Help Desk Prompts', fields: helpFields },
]

/** Creates the webhook where Airtable has none at our address, and refreshes it otherwise. */
export async function registerAirtableWebhook(ctx: Context): Promise<void> {
  const notificationUrl = `${ctx.config.publicUrl}/functions/v1/airtable-webhook`
  const known = await ctx.db
    .selectFrom('airtableWebhooks')
    .selectAll()
    .where('notificationUrl', '=', notificationUrl)
    .executeTakeFirst()
  if (known) {
    if (await refreshAirtableWebhook(ctx.airtable, known.id)) {
      await ctx.db
        .updateTable('airtableWebhooks')
        .set({ expiresAt: addDays(now(), 7) })
        .where('id', '=', known.id)
        .execute()
      return
    }
    await ctx.db.deleteFrom('airtableWebhooks').where('id', '=', known.id).execute()
  }
  const made = await createAirtableWebhook(ctx.airtable, notificationUrl, watched)
  await inTransaction(ctx.db, async (tx) => {
    await tx
      .insertInto('airtableWebhooks')
      .values({
        id: made.id,
        macSecret: made.macSecret,
        notificationUrl,
        expiresAt: made.expiresAt ?? addDays(now(), 7),
      })
      .execute()
    // Read what was edited before the webhook existed.
    await enqueue(tx, 'read-hosts', {})
  })
}
