// The rows of somebody who leaves. A member's and a host's row stays without anything personal: bookings,
// purchases and the ledger point at it.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { fingerprintOf } from '../../lib/fingerprint.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { formerHost, formerMember } from '../members/former.ts'
import { contactEmail } from '../members/member.ts'
import type { Traces } from './find-traces.ts'

type Leaving = { memberId: string | null; hostId: string | null }

export async function eraseRows(
  ctx: Context,
  tx: Tx,
  { memberId, hostId }: Leaving,
  traces: Traces,
): Promise<void> {
  if (memberId) await eraseMember(ctx, tx, memberId)
  if (hostId) await eraseHost(tx, hostId)
  await eraseSignIn(tx, traces)
}

async function eraseMember(ctx: Context, tx: Tx, memberId: string): Promise<void> {
  const member = await tx
    .selectFrom('members')
    .select('mobileNumber')
    .where('id', '=', memberId)
    .executeTakeFirstOrThrow()
  const { rows: apart } =
    await sql`select from blocks where member_id = ${memberId} and lifted_at is null`.execute(tx)
  await sql`
    delete from signals using visits, bookings
    where visits.id in (to_visit, from_visit) and bookings.id = visits.booking_id
      and bookings.member_id = ${memberId}`.execute(tx)
  await sql`
    update calendar_entries set attendee_email = ${contactEmail({ id: memberId })}
    from bookings where bookings.id = booking_id and member_id = ${memberId}`.execute(tx)
  await tx
    .updateTable('likes')
    .set({ hostLikedAt: null, memberLikedAt: null, seenAt: null })
    .where('memberId', '=', memberId)
    .execute()
  await tx.deleteFrom('calendarFeeds').where('memberId', '=', memberId).execute()
  await tx
    .updateTable('members')
    .set({
      personId: null,
      fullName: formerMember,
      email: null,
      mobileNumber: null,
      timeZone: 'UTC',
      stripeCustomerId: null,
      status: 'Inactive',
      lastActiveAt: now(),
      erasedAt: now(),
      keptApartAs:
        apart.length > 0 && member.mobileNumber
          ? fingerprintOf(ctx.config.authSecret, member.mobileNumber)
          : null,
    })
    .where('id', '=', memberId)
    .execute()
}

async function eraseHost(tx: Tx, hostId: string): Promise<void> {
  await sql`
    delete from signals using visits, bookings
    where visits.id in (to_visit, from_visit) and bookings.id = visits.booking_id
      and bookings.host_id = ${hostId}`.execute(tx)
  await tx
    .updateTable('calendarEntries')
    .set({ calUsername: '', calEventSlug: '' })
    .where('bookingId', 'in', (eb) => eb.selectFrom('bookings').select('id').where('hostId', '=', hostId))
    .execute()
  await tx
    .updateTable('likes')
    .set({ hostLikedAt: null, memberLikedAt: null, seenAt: null })
    .where('hostId', '=', hostId)
    .execute()
  await tx.deleteFrom('calendarFeeds').where('hostId', '=', hostId).execute()
  await tx.deleteFrom('calcomConnections').where('hostId', '=', hostId).execute()
  await tx.deleteFrom('importedCalendars').where('hostId', '=', hostId).execute()
  await tx.deleteFrom('calendarSlots').where('hostId', '=', hostId).execute()
  await tx.deleteFrom('slotReservations').where('hostId', '=', hostId).execute()
  await tx
    .updateTable('hosts')
    .set({
      fullName: formerHost,
      email: null,
      mobileNumber: null,
      newNumber: null,
      newNumberAt: null,
      photoUrl: null,
      introVideoUrl: null,
      bio: '',
      languages: [],
      country: '',
      timeZone: 'UTC',
      tags: [],
      ageGroup: null,
      category: null,
      calUsername: null,
      calEventSlug: null,
      weeklyHours: '[]',
      dateOverrides: '[]',
      stripeAccountId: null,
      canBePaid: false,
      verificationStatus: 'Pending',
      status: 'Inactive',
      updatedAt: now(),
      erasedAt: now(),
    })
    .where('id', '=', hostId)
    .execute()
}

/** The account to sign in with, its sign-ins and its codes. */
async function eraseSignIn(tx: Tx, { personId, numbers }: Traces): Promise<void> {
  if (numbers.length > 0)
    await tx.deleteFrom('signInVerifications').where('identifier', 'in', numbers).execute()
  // Twilio itself goes on refusing a number that said STOP.
  if (numbers.length > 0) await tx.deleteFrom('stoppedNumbers').where('mobileNumber', 'in', numbers).execute()
  if (personId) await tx.deleteFrom('people').where('id', '=', personId).execute()
}
