// How far each SMS got. Status callbacks come twice and out of order: a recorded final status stays.
import { type Db, inTransaction, type Tx } from '../../db/client.ts'
import { recordsChanged } from '../../db/record-changes.ts'
import { NotYet } from '../../lib/errors.ts'
import { stoppedCode } from '../members/opt-out.ts'
import { recordStopped } from '../members/record-opt-out.ts'
import type { Delivery } from './delivery.ts'

/**
 * Records the final status of many SMS; one outcome for each, in their order. A callback can overtake the
 * answer that tells us the SMS's sid: its sid is then unknown, and NotYet says to try again later.
 */
export async function recordDeliveries(
  db: Db,
  deliveries: Delivery[],
): Promise<PromiseSettledResult<void>[]> {
  if (deliveries.length === 0) return []
  const sids = [...new Set(deliveries.map(({ twilioSid }) => twilioSid))]
  const rows = await db.selectFrom('messages').select('twilioSid').where('twilioSid', 'in', sids).execute()
  const known = new Set(rows.map((row) => row.twilioSid))
  const isAnyWaiting =
    known.size < sids.length &&
    (await db.selectFrom('messages').select('id').where('status', '=', 'waiting').executeTakeFirst())
  await inTransaction(db, (tx) =>
    record(
      tx,
      deliveries.filter(({ twilioSid }) => known.has(twilioSid)),
    ),
  )
  return deliveries.map(({ twilioSid }) =>
    isAnyWaiting && !known.has(twilioSid)
      ? {
          status: 'rejected',
          reason: new NotYet('a status for an SMS whose sending is still being recorded'),
        }
      : { status: 'fulfilled', value: undefined },
  )
}

async function record(tx: Tx, deliveries: Delivery[]): Promise<void> {
  const bookingIds: string[] = []
  // One statement for all SMS with the same status.
  const groups = Map.groupBy(deliveries, ({ status, errorCode }) => `${status} ${errorCode ?? ''}`)
  for (const group of groups.values()) {
    const { status, errorCode } = group[0]!
    const changed = await tx
      .updateTable('messages')
      .set({ status, ...(errorCode ? { failure: errorCode } : {}) })
      .where(
        'twilioSid',
        'in',
        group.map(({ twilioSid }) => twilioSid),
      )
      .where('status', 'in', ['waiting', 'sent'])
      .returning(['bookingId', 'mobileNumber'])
      .execute()
    if (errorCode === stoppedCode)
      for (const { mobileNumber } of changed) await recordStopped(tx, mobileNumber, { byWord: false })
    for (const { bookingId } of changed) if (bookingId) bookingIds.push(bookingId)
  }
  await recordsChanged(tx, 'Presence Operations', bookingIds)
}
