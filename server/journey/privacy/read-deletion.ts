// What deleting this account would do, in numbers, and whether it has been asked for.
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import { canBeRefunded, canChangeForFree, waitsForOperator } from '../bookings/booking.ts'
import { findLeaving } from '../members/find-leaving.ts'
import { readTerms } from '../plans/terms.ts'
import type { Who } from '../request.ts'
import type { Deletion } from './deletion-view.ts'
import { undoDays } from './deletion.ts'

export async function readDeletion(db: Db, who: Who): Promise<Deletion> {
  const dueAt = await findLeaving(db, who.personId)
  return {
    dueAt: dueAt?.toISOString() ?? null,
    undoDays,
    currency: 'AUD',
    asMember: who.member && (await readMemberPart(db, who.member.id)),
    asHost: who.host && (await readHostPart(db, who.host.id)),
  }
}

async function readMemberPart(db: Db, memberId: string): Promise<NonNullable<Deletion['asMember']>> {
  const time = now()
  const rows = await db
    .selectFrom('bookings')
    .innerJoin('purchases', 'purchases.id', 'bookings.purchaseId')
    .selectAll('bookings')
    .select('purchases.terms')
    .where('bookings.memberId', '=', memberId)
    .where('bookings.state', 'in', ['created', 'pending'])
    .execute()
  const ahead = rows.filter((row) => row.state === 'created' && row.startAt! > time && !waitsForOperator(row))
  const isFree = (row: (typeof rows)[number]) =>
    canChangeForFree(row, time, readTerms(row.terms).freeChangeHours)
  const free = ahead.filter(isFree)
  const unused = rows.filter((row) => canBeRefunded(row.state, row.validUntil, time))
  return {
    sessionsAhead: free.length,
    sessionsForfeited: ahead.length - free.length,
    unusedSessions: unused.length,
    refundCents: [...free, ...unused].reduce((sum, row) => sum + row.amountCents - row.refundedCents, 0),
  }
}

async function readHostPart(db: Db, hostId: string): Promise<NonNullable<Deletion['asHost']>> {
  const host = await db
    .selectFrom('hosts')
    .select('canBePaid')
    .where('id', '=', hostId)
    .executeTakeFirstOrThrow()
  const ahead = await db
    .selectFrom('bookings')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('hostId', '=', hostId)
    .where('state', '=', 'created')
    .where('startAt', '>', now())
    .executeTakeFirstOrThrow()
  const unpaid = await db
    .selectFrom('bookings')
    .select(['hostCents', 'hostRefundedCents'])
    .where('hostId', '=', hostId)
    .where('state', '=', 'completed')
    .where('payoutStatus', 'in', ['waiting_for_onboarding', 'scheduled', 'failed'])
    .execute()
  return {
    sessionsAhead: ahead.count,
    unpaidCents: unpaid.reduce((sum, row) => sum + row.hostCents - row.hostRefundedCents, 0),
    canBePaid: host.canBePaid,
  }
}
