// How far an SMS got. Status callbacks come out of order: nothing moves back from delivered, undelivered or failed.
import type { Tx } from '../../db/client.ts'
import { recordChanged } from '../../db/record-changes.ts'

export async function recordDelivery(tx: Tx, twilioSid: string, status: string, errorCode: string | null): Promise<void> {
  const reached = reachedStatus(status)
  if (!reached) return
  const message = await tx
    .updateTable('messages')
    .set({ status: reached, ...(errorCode ? { failure: errorCode } : {}) })
    .where('twilioSid', '=', twilioSid)
    .where('status', 'in', ['waiting', 'sent'])
    .returning('bookingId')
    .executeTakeFirst()
  if (message?.bookingId) await recordChanged(tx, 'Presence Operations', message.bookingId)
}

function reachedStatus(status: string): 'sent' | 'delivered' | 'undelivered' | 'failed' | undefined {
  switch (status) {
    case 'sent':
    case 'delivered':
    case 'undelivered':
    case 'failed':
      return status
    case 'read':
      return 'delivered'
    default:
      return undefined // queued, sending, accepted, scheduled: not news
  }
}
