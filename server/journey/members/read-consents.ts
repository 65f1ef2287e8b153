// What a member or a host has agreed to, and what is still to be asked.
import type { Db, Tx } from '../../db/client.ts'
import type { Consents } from './consents-view.ts'
import { documents, requiredDocuments } from './consent.ts'

/** Who agrees: a person as a member, or as a host. */
export type Consenter = { memberId: string } | { hostId: string }

export async function readConsents(db: Db | Tx, who: Consenter): Promise<Consents> {
  const given = await db
    .selectFrom('consents')
    .distinctOn('document')
    .select(['document', 'version', 'isGiven', 'createdAt'])
    .$call((query) =>
      'hostId' in who ? query.where('hostId', '=', who.hostId) : query.where('memberId', '=', who.memberId),
    )
    .orderBy('document')
    .orderBy('id', 'desc')
    .execute()
  const isGiven = (name: string, version: string) =>
    given.some((one) => one.document === name && one.version === version && one.isGiven)
  return {
    missing: requiredDocuments
      .filter((name) => !isGiven(name, documents[name].version))
      .map((document) => ({ document, ...documents[document] })),
    given: given
      .filter((one) => one.isGiven)
      .map(({ document, version, createdAt }) => ({ document, version, at: createdAt.toISOString() })),
    wantsMarketing: isGiven('marketing', documents.marketing.version),
  }
}
