// How far SMS got. Status callbacks come doubled and out of order: what was reached in the end stays.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { recordsChanged } from '../../db/record-changes.ts'
import { NotYet } from '../../lib/errors.ts'

export type Delivery = { twilioSid: string; reached: Reached; errorCode: string | null }
export type Reached = 'delivered' | 'undelivered' | 'failed'

/**
 * What a callback's status tells us; undefined where it is no news: an SMS that is known to Twilio is known
 * as sent here.
 */
export function reachedBy(status: string): Reached | undefined {
  switch (status) {
    case 'delivered':
    case 'undelivered':
    case 'failed':
      return status
    case 'read':
      return 'delivered'
    default:
      return undefined // queued, sending, sent, accepted, scheduled
  }
}

/**
 * Records what callbacks tell; one outcome for each, in their order. A callback can overtake the answer that
 * tells us the
 * SMS's sid: then it is not known yet, and NotYet says to come back.
 */
export async function recordDeliveries(
  db: Db,
  deliveries: Delivery[],
): Promise<PromiseSettledResult<void>[]> {
  if (deliveries.length === 0) return []
  const sids = [...new Set(deliveries.map(({ twilioSid }) => twilioSid))]
  const rows = await db.selectFrom('messages').select('twilioSid').where('twilioSid', 'in', sids).execute()
  const known = new Set(rows.map((row) => row.twilioSid))
  const isAnyUnderWay =
    known.size < sids.length &&
    (await db.selectFrom('messages').select('id').where('status', '=', 'waiting').executeTakeFirst())
  await inTransaction(db, (tx) =>
    record(
      tx,
      deliveries.filter(({ twilioSid }) => known.has(twilioSid)),
    ),
  )
  return deliveries.map(({ twilioSid }) =>
    isAnyUnderWay && !known.has(twilioSid)
      ? {
          status: 'rejected',
          reason: new NotYet('a status for an SMS whose sending is still being recorded'),
        }
      : { status: 'fulfilled', value: undefined },
  )
}

async function record(tx: Tx, deliveries: Delivery[]): Promise<void> {
  const bookingIds: string[] = []
  // The same words about many SMS in one statement.
  const groups = Map.groupBy(deliveries, ({ reached, errorCode }) => `${reached} ${errorCode ?? ''}`)
  for (const group of groups.values()) {
    const { reached, errorCode } = group[0]!
    const changed = await tx
      .updateTable('messages')
      .set({ status: reached, ...(errorCode ? { failure: errorCode } : {}) })
      .where(
        'twilioSid',
        'in',
        group.map(({ twilioSid }) => twilioSid),
      )
      .where('status', 'in', ['waiting', 'sent'])
      .returning('bookingId')
      .execute()
    for (const { bookingId } of changed) if (bookingId) bookingIds.push(bookingId)
  }
  await recordsChanged(tx, 'Presence Operations', bookingIds)
}
