// Everything about one purchase: for an operator who decides about its money, and as evidence in a dispute.
import type { Db } from '../../db/client.ts'
import { notFound } from '../../lib/errors.ts'
import type { PurchaseFile } from './purchase-file-view.ts'

const iso = (moment: Date | null) => moment?.toISOString() ?? null

/** Terms, attendance, messages and money of a purchase. Refuses: not_found. */
export async function readPurchaseFile(db: Db, purchaseId: string): Promise<PurchaseFile> {
  const purchase = await db
    .selectFrom('purchases')
    .selectAll()
    .where('id', '=', purchaseId)
    .executeTakeFirst()
  if (!purchase) throw notFound('purchase')
  const member = await db
    .selectFrom('members')
    .select(['id', 'fullName', 'mobileNumber', 'email', 'suspendedReason'])
    .where('id', '=', purchase.memberId)
    .executeTakeFirstOrThrow()
  const bookings = await db
    .selectFrom('bookings')
    .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
    .leftJoin('payouts', 'payouts.bookingId', 'bookings.id')
    .selectAll('bookings')
    .select([
      'hosts.fullName as hostName',
      'payouts.transferId',
      'payouts.paidReference',
      'payouts.failure as payoutFailure',
      'payouts.reversedCents',
    ])
    .where('bookings.purchaseId', '=', purchaseId)
    .orderBy('position')
    .execute()
  const ids = bookings.map(({ id }) => id)
  const attendance =
    ids.length > 0
      ? await db
          .selectFrom('attendance')
          .selectAll()
          .where('bookingId', 'in', ids)
          .orderBy('joinedAt')
          .execute()
      : []
  const messages = await db
    .selectFrom('messages')
    .select(['template', 'recipient', 'body', 'status', 'sentAt'])
    .where((eb) =>
      eb.or([eb('purchaseId', '=', purchaseId), ...(ids.length > 0 ? [eb('bookingId', 'in', ids)] : [])]),
    )
    .orderBy('createdAt')
    .execute()
  const refunds = await db
    .selectFrom('refunds')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .orderBy('createdAt')
    .execute()
  const disputes = await db
    .selectFrom('disputes')
    .selectAll()
    .where('purchaseId', '=', purchaseId)
    .orderBy('openedAt')
    .execute()
  const discrepancies = await db
    .selectFrom('operatorTasks')
    .select('sentence')
    .where('purchaseId', '=', purchaseId)
    .where('kind', '=', 'money_difference')
    .where('resolvedAt', 'is', null)
    .orderBy('createdAt')
    .execute()
  return {
    id: purchase.id,
    status: purchase.status,
    plan: purchase.plan,
    amountCents: purchase.amountCents,
    leftCents: bookings.reduce((sum, booking) => sum + booking.amountCents - booking.refundedCents, 0),
    currency: purchase.currency,
    chargeId: purchase.chargeId,
    receiptUrl: purchase.receiptUrl,
    paidAt: iso(purchase.paidAt),
    payoutsStopped: discrepancies.map(({ sentence }) => sentence).join(' ') || null,
    terms: purchase.terms as Record<string, unknown>,
    member,
    bookings: bookings.map((booking) => ({
      id: booking.id,
      position: booking.position,
      state: booking.state,
      outcome: booking.outcome,
      hostName: booking.hostName,
      start: iso(booking.startAt),
      amountCents: booking.amountCents,
      leftCents: booking.amountCents - booking.refundedCents,
      hostCents: booking.hostCents - booking.hostRefundedCents,
      payoutStatus: booking.payoutStatus,
      payoutFailure: booking.payoutFailure,
      reversedCents: booking.reversedCents ?? 0,
      transferId: booking.transferId,
      paidReference: booking.paidReference,
      attendance: attendance
        .filter((stay) => stay.bookingId === booking.id)
        .map((stay) => ({
          role: stay.role,
          joinedAt: stay.joinedAt.toISOString(),
          leftAt: iso(stay.leftAt),
        })),
    })),
    refunds: refunds.map(({ id, amountCents, reason, source, requestedBy, status, failure, createdAt }) => ({
      id,
      amountCents,
      reason,
      source,
      requestedBy,
      status,
      failure,
      createdAt: createdAt.toISOString(),
    })),
    disputes: disputes.map(({ amountCents, reason, status, evidenceDueAt, openedAt }) => ({
      amountCents,
      reason,
      status,
      evidenceDueAt: iso(evidenceDueAt),
      openedAt: openedAt.toISOString(),
    })),
    messages: messages.map((message) => ({ ...message, sentAt: iso(message.sentAt) })),
    postings: await readPostings(db, purchaseId),
  }
}

async function readPostings(db: Db, purchaseId: string): Promise<PurchaseFile['postings']> {
  const rows = await db
    .selectFrom('postings')
    .innerJoin('ledgerEntries', 'ledgerEntries.postingId', 'postings.id')
    .select([
      'postings.id',
      'postings.kind',
      'postings.postedAt',
      'ledgerEntries.account',
      'ledgerEntries.amountCents',
    ])
    .where('purchaseId', '=', purchaseId)
    .orderBy('postings.postedAt')
    .orderBy('postings.id')
    .orderBy('ledgerEntries.amountCents', 'desc')
    .execute()
  const byPosting = Map.groupBy(rows, (row) => row.id)
  return [...byPosting.values()].map((entries) => ({
    kind: entries[0]!.kind,
    postedAt: entries[0]!.postedAt.toISOString(),
    entries: entries.map(({ account, amountCents }) => ({ account, amountCents })),
  }))
}
