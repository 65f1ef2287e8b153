// What happened to whose rights and data: rows are only ever added. A person is named by id alone, so that
// the trail may outlive the person.
import type { Selectable } from 'kysely'
import { newId } from '../lib/ids.ts'
import { minuteMs, now } from '../lib/time.ts'
import type { Db, Tx } from './client.ts'
import type { SecurityEvents } from './schema.generated.ts'

type SecurityEvent = {
  kind: Selectable<SecurityEvents>['kind']
  personId: string | null
  subject: string
  reason?: string
}

/** The same event of the same person counts once a minute: nobody floods the trail. */
export async function recordSecurity(
  db: Db | Tx,
  { kind, personId, subject, reason = '' }: SecurityEvent,
): Promise<void> {
  const time = now()
  const minute = Math.floor(time.getTime() / minuteMs)
  await db
    .insertInto('securityEvents')
    .values({
      id: newId(),
      key: [kind, personId ?? '', subject, minute].join(' '),
      kind,
      personId,
      subject,
      reason,
      happenedAt: time,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}
