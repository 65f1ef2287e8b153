// Somebody agrees: which document, in which version, when. Rows are only ever added.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type DocumentName, documents } from './consent.ts'
import { type Consenter, readConsents } from './read-consents.ts'

export type Agreement = {
  agreed: { document: DocumentName; version: string }[]
  /** News and offers: yes, no, or not asked. */
  marketing?: boolean | undefined
}

/** Refuses with conflict where a text has changed since it was read: it must be read again. */
export async function recordConsents(ctx: Context, who: Consenter, agreement: Agreement): Promise<void> {
  const { agreed, marketing } = agreement
  if (agreed.some(({ document, version }) => documents[document].version !== version))
    throw new Refusal('conflict', 'One of the texts has changed meanwhile. Please look at it again.')
  await inTransaction(ctx.db, async (tx) => {
    const before = await readConsents(tx, who)
    const news = agreed.filter(({ document }) => before.missing.some((one) => one.document === document))
    const createdAt = now()
    const rows = news.map(({ document, version }) => ({ ...who, document, version, createdAt }))
    if (rows.length > 0) await tx.insertInto('consents').values(rows).execute()
    if (marketing !== undefined && marketing !== before.wantsMarketing)
      await tx
        .insertInto('consents')
        .values({
          ...who,
          document: 'marketing',
          version: documents.marketing.version,
          isGiven: marketing,
          createdAt,
        })
        .execute()
    if ('memberId' in who) await recordChanged(tx, 'Members', who.memberId)
    await announce(tx, { topics: ['me'], ...who })
  })
}
