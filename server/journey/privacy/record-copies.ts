// What other services hold of somebody is written down before our own rows forget how to find it.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { recordsChanged } from '../../db/record-changes.ts'
import type { CopyService } from './deletion.ts'
import type { Traces } from './find-traces.ts'

type Leaving = { id: string; memberId: string | null; hostId: string | null }

export async function recordCopies(tx: Tx, deletion: Leaving, traces: Traces): Promise<void> {
  const { memberId, hostId } = deletion
  const found: { service: CopyService; subject: string }[] = []
  if (traces.stripeCustomerId) found.push({ service: 'stripe_customer', subject: traces.stripeCustomerId })
  if (traces.stripeAccountId) found.push({ service: 'stripe_account', subject: traces.stripeAccountId })
  if (memberId) found.push({ service: 'airtable_member', subject: memberId })
  if (hostId) {
    const { airtableRecordId } = await tx
      .selectFrom('hosts')
      .select('airtableRecordId')
      .where('id', '=', hostId)
      .executeTakeFirstOrThrow()
    found.push({ service: 'airtable_host', subject: airtableRecordId })
  }
  for (const sid of await smsOf(tx, deletion, traces)) found.push({ service: 'twilio_message', subject: sid })
  const { rows: attended } = await sql<{ uid: string }>`
    select uid from calendar_entries join bookings on bookings.id = booking_id
    where member_id = ${memberId} and uid is not null`.execute(tx)
  for (const { uid } of attended) found.push({ service: 'calcom_attendee', subject: uid })
  if (found.length > 0)
    await tx
      .insertInto('erasures')
      .values(found.map((one) => ({ ...one, deletionId: deletion.id })))
      .execute()
  await rewriteRecords(tx, deletion)
}

/** Texts to them, incoming ones too, and texts to others that name them. */
async function smsOf(tx: Tx, { memberId, hostId }: Leaving, { numbers }: Traces): Promise<string[]> {
  const { rows } = await sql<{ sid: string }>`
    select twilio_sid as sid from messages
    where twilio_sid is not null and ${ofThem(memberId, hostId, numbers)}
    union
    select payload ->> 'MessageSid' from webhook_events
    where provider = 'twilio' and type = 'inbound' and payload ->> 'From' = any(${numbers}::text[])
      and payload ->> 'MessageSid' is not null`.execute(tx)
  return rows.map(({ sid }) => sid)
}

/** Whether a row of messages is to them or about them. */
export function ofThem(memberId: string | null, hostId: string | null, numbers: string[]) {
  return sql<boolean>`(messages.mobile_number = any(${numbers}::text[])
    or messages.member_id = ${memberId} or messages.host_id = ${hostId}
    or messages.booking_id in (select id from bookings where member_id = ${memberId} or host_id = ${hostId})
    or messages.purchase_id in (select id from purchases where member_id = ${memberId}))`
}

/** The rows of Airtable that name them are written again, without the name. */
async function rewriteRecords(tx: Tx, { memberId, hostId }: Leaving): Promise<void> {
  const { rows: bookings } = await sql<{ id: string }>`
    select id from bookings where member_id = ${memberId} or host_id = ${hostId}`.execute(tx)
  await recordsChanged(
    tx,
    'Presence Operations',
    bookings.map(({ id }) => id),
  )
  const { rows: likes } = await sql<{ id: string }>`
    select host_id || ':' || member_id as id from likes
    where member_id = ${memberId} or host_id = ${hostId}`.execute(tx)
  await recordsChanged(
    tx,
    'Likes',
    likes.map(({ id }) => id),
  )
  const { rows: refunds } = await sql<{ id: string }>`
    select refunds.id from refunds join purchases on purchases.id = purchase_id
    where purchases.member_id = ${memberId}`.execute(tx)
  await recordsChanged(
    tx,
    'Refunds',
    refunds.map(({ id }) => id),
  )
  if (memberId) await recordsChanged(tx, 'Members', [memberId])
}
