// The signed link of an SMS: whoever has it sees and changes one session, signed in or not, until it is over.
import { sql } from 'kysely'
import type { Config } from '../../config.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { isLinkFor, type LinkRole, readLink, signLink } from '../../lib/signed-link.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import type { BookingRow } from './change-booking.ts'

export type OpenedLink = { booking: BookingRow; role: LinkRole; timeZone: string }

/**
 * The session of a link, over or not: it can be reported for as long as it is kept. Refuses with not_found.
 */
export async function findLinked(ctx: Context, token: string): Promise<OpenedLink> {
  const link = readLink(token)
  const row =
    link &&
    (await ctx.db
      .selectFrom('bookings')
      .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
      .innerJoin('members', 'members.id', 'bookings.memberId')
      .selectAll('bookings')
      .select(['hosts.timeZone as hostZone', 'members.timeZone as memberZone'])
      .select(
        sql<boolean>`coalesce(is_suspended(${sql.ref(link.role === 'host' ? 'hosts.mobile_number' : 'members.mobile_number')}), false)
          or ${sql.ref(link.role === 'host' ? 'hosts.status' : 'members.status')} = 'Suspended'`.as(
          'isSuspended',
        ),
      )
      .where('bookings.id', '=', link.bookingId)
      .executeTakeFirst())
  if (
    !link ||
    !row ||
    !isLinkFor(ctx.config.authSecret, link, link.role === 'host' ? row.hostId : row.memberId)
  )
    throw notFound('session')
  if (row.isSuspended) throw notFound('session')
  const { hostZone, memberZone, isSuspended: _, ...booking } = row
  return { booking, role: link.role, timeZone: link.role === 'host' ? hostZone : memberZone }
}

/** Refuses: not_found for a link that is not valid, session_over for one whose session is over. */
export async function openLink(ctx: Context, token: string): Promise<OpenedLink> {
  const opened = await findLinked(ctx, token)
  const { booking } = opened
  const isAhead =
    booking.state === 'created'
      ? now() < booking.endAt!
      : booking.state === 'pending' && now() < booking.validUntil
  if (!isAhead)
    throw new Refusal(
      'session_over',
      'This session is over, and so is its link. Sign in to see your sessions.',
    )
  return opened
}

/** The address of the page on which one person of a booking manages it. */
export function manageUrl(
  config: Config,
  booking: { id: string; memberId: string; hostId: string },
  role: LinkRole,
): string {
  const token = signLink(config.authSecret, {
    bookingId: booking.id,
    role,
    personId: role === 'host' ? booking.hostId : booking.memberId,
  })
  return `${config.publicUrl}/manage/${token}`
}
