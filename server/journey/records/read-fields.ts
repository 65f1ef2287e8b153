// The current state of records that Airtable must be told about, as its fields.
import { sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { readTerms } from '../plans/terms.ts'
import { agreementDocuments, type DocumentName, documents } from '../members/consent.ts'
import { likeFields, memberFields, operationFields, type RecordTable, refundFields } from './record.ts'

/** The current fields of each of these records; one that does not exist is left out. */
export function readFields(
  db: Db,
  table: RecordTable,
  presenceIds: string[],
): Promise<Record<string, unknown>[]> {
  switch (table) {
    case 'Presence Operations':
      return readOperations(db, presenceIds)
    case 'Members':
      return readMembers(db, presenceIds)
    case 'Likes':
      return readLikes(db, presenceIds)
    case 'Refunds':
      return readRefunds(db, presenceIds)
  }
}

async function readOperations(db: Db, ids: string[]) {
  const rows = await db
    .selectFrom('bookings')
    .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
    .innerJoin('members', 'members.id', 'bookings.memberId')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .leftJoin('payouts', 'payouts.bookingId', 'bookings.id')
    .leftJoin('rooms', (join) =>
      join.onRef('rooms.bookingId', '=', 'bookings.id').onRef('rooms.attempt', '=', 'bookings.attempt'),
    )
    .selectAll('bookings')
    .select([
      'hosts.fullName as hostName',
      'members.fullName as memberName',
      'members.airtableRecordId as memberRecordId',
      'purchases.plan',
      'purchases.terms',
      'purchases.chargeId',
      'purchases.status as purchaseStatus',
      'payouts.transferId',
      'payouts.paidAt as payoutPaidAt',
      'rooms.url as roomUrl',
      sql<string | null>`case when hosts.erased_at is null then hosts.airtable_record_id end`.as(
        'hostRecordId',
      ),
      sql<string | null>`(select initcap(template || ': ' || status) from messages
        where messages.booking_id = bookings.id order by messages.created_at desc, messages.id desc limit 1)`.as(
        'lastMessage',
      ),
    ])
    .where('bookings.id', 'in', ids)
    .execute()
  return rows.map((row) =>
    operationFields({
      ...row,
      sessionMinutes: readTerms(row.terms).sessionMinutes,
      notificationStatus: row.lastMessage ?? 'None',
    }),
  )
}

async function readMembers(db: Db, ids: string[]) {
  const rows = await db.selectFrom('members').selectAll().where('id', 'in', ids).execute()
  const agreed = await db
    .selectFrom('consents')
    .select(['memberId', 'document', 'version'])
    .where('memberId', 'in', ids)
    .where('isGiven', '=', true)
    .execute()
  const hasAgreed = (memberId: string, name: DocumentName) =>
    agreed.some(
      (one) => one.memberId === memberId && one.document === name && one.version === documents[name].version,
    )
  return rows.map((row) =>
    memberFields({
      ...row,
      hasAcceptedAgreement: agreementDocuments.every((name) => hasAgreed(row.id, name)),
      hasSignedPledge: hasAgreed(row.id, 'pledge'),
    }),
  )
}

async function readLikes(db: Db, ids: string[]) {
  const pairs = ids.map((id) => id.split(':') as [string, string])
  const rows = await db
    .selectFrom('likes')
    .innerJoin('hosts', 'hosts.id', 'likes.hostId')
    .innerJoin('members', 'members.id', 'likes.memberId')
    .selectAll('likes')
    .select(['hosts.fullName as hostName', 'members.fullName as memberName'])
    .where((eb) =>
      eb.or(
        pairs.map(([hostId, memberId]) =>
          eb.and([eb('likes.hostId', '=', hostId), eb('likes.memberId', '=', memberId)]),
        ),
      ),
    )
    .execute()
  return rows.map((row) =>
    likeFields({ ...row, hostLikes: row.hostLikedAt !== null, memberLikes: row.memberLikedAt !== null }),
  )
}

async function readRefunds(db: Db, ids: string[]) {
  const rows = await db
    .selectFrom('refunds')
    .innerJoin('purchases', 'purchases.id', 'refunds.purchaseId')
    .selectAll('refunds')
    .select(['purchases.chargeId', 'purchases.plan'])
    .where('refunds.id', 'in', ids)
    .execute()
  return rows.map(refundFields)
}
