// A webhook event of Cal.com is only a hint: whatever matters is fetched again.
import { z } from 'zod'
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { isId } from '../../lib/ids.ts'
import type { Context } from '../context.ts'
import { followCalendar } from './follow-calendar.ts'
import { forgetCalSlots } from '../times/read-cal-slots.ts'

const shape = z.object({
  uid: z.string().nullish(),
  bookingUid: z.string().nullish(),
  rescheduleUid: z.string().nullish(),
  organizer: z.object({ username: z.string().nullish() }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
})

/** MEETING_STARTED and MEETING_ENDED have no envelope; everything else is in `payload`. */
const event = z.union([z.object({ payload: shape }).transform(({ payload }) => payload), shape])

export async function receiveCalEvent(ctx: Context, type: string, body: unknown): Promise<void> {
  const parsed = event.safeParse(body)
  if (!parsed.success) return
  const { uid, bookingUid, rescheduleUid, organizer, metadata } = parsed.data
  const uids = [rescheduleUid, uid, bookingUid].filter((one) => typeof one === 'string')
  switch (type) {
    case 'BOOKING_CREATED':
    case 'BOOKING_REQUESTED':
      await forgetSlots(ctx, uids, organizer?.username)
      return confirmOurs(ctx, uids, metadata ?? {})
    case 'BOOKING_CANCELLED':
    case 'BOOKING_REJECTED':
    case 'BOOKING_RESCHEDULED':
      await forgetSlots(ctx, uids, organizer?.username)
      for (const one of uids) await followCalendar(ctx, one)
      return confirmOurs(ctx, uids, metadata ?? {})
    case 'BOOKING_NO_SHOW_UPDATED':
      return noteNoShow(ctx, uids)
    case 'MEETING_ENDED':
      return settleSoon(ctx, uids)
    default:
      return // politely ignored
  }
}

async function forgetSlots(ctx: Context, uids: string[], username: string | null | undefined): Promise<void> {
  const hosts = await ctx.db
    .selectFrom('hosts')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('calUsername', '=', username ?? ''),
        eb(
          'id',
          'in',
          eb
            .selectFrom('bookings')
            .select('hostId')
            .where('calBookingUid', 'in', uids.length > 0 ? uids : ['']),
        ),
      ]),
    )
    .execute()
  await forgetCalSlots(
    ctx.db,
    hosts.map((host) => host.id),
  )
  await inTransaction(ctx.db, (tx) => announce(tx, { topics: ['slots'] }))
}

/** A booking of ours that waits for Cal.com is looked at now instead of later. */
async function confirmOurs(ctx: Context, uids: string[], metadata: Record<string, unknown>): Promise<void> {
  const { presenceBookingId } = metadata
  const ids = typeof presenceBookingId === 'string' && isId(presenceBookingId) ? [presenceBookingId] : []
  const waiting = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'attempt'])
    .where('state', '=', 'created')
    .where('calendarStatus', '=', 'confirming')
    .where((eb) =>
      eb.or([
        eb('calBookingUid', 'in', uids.length > 0 ? uids : ['']),
        ...(ids.length > 0 ? [eb('id', 'in', ids)] : []),
      ]),
    )
    .execute()
  await inTransaction(ctx.db, async (tx) => {
    for (const { id, attempt } of waiting) await enqueue(tx, 'book-calendar', { bookingId: id, attempt })
    // What arrives at Cal.com after its time was given back is taken out again.
    const { presenceAttempt } = metadata
    for (const bookingId of ids) {
      const late = await tx
        .updateTable('calendarEntries')
        .set({ seen: 'unknown' })
        .where('bookingId', '=', bookingId)
        .where('attempt', '=', Number(presenceAttempt) || 0)
        .where('wanted', '=', 'absent')
        .returning('attempt')
        .executeTakeFirst()
      if (late) await enqueue(tx, 'clear-entry', { bookingId, attempt: late.attempt })
    }
  })
}

/**
 * Attendance is known from the room. The host's word counts only where the room knows nothing, and then an
 * operator decides.
 */
async function noteNoShow(ctx: Context, uids: string[]): Promise<void> {
  const unknown = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'attempt'])
    .where('calBookingUid', 'in', uids.length > 0 ? uids : [''])
    .where('outcome', '=', 'unknown')
    .execute()
  await inTransaction(ctx.db, async (tx) => {
    for (const { id, attempt } of unknown) {
      await addOperatorTask(tx, {
        key: `no_show_word:${id}:${attempt}`,
        kind: 'attendance_unknown',
        bookingId: id,
        sentence:
          'The host has changed in Cal.com who came to this session, of which the video provider knows nothing. Please ask both people and decide what happened.',
      })
    }
  })
}

/** The planned end by Cal.com's clock. Settling does nothing before its time. */
async function settleSoon(ctx: Context, uids: string[]): Promise<void> {
  const over = await ctx.db
    .selectFrom('bookings')
    .select(['id', 'attempt'])
    .where('calBookingUid', 'in', uids.length > 0 ? uids : [''])
    .where('state', '=', 'created')
    .execute()
  await inTransaction(ctx.db, async (tx) => {
    for (const { id, attempt } of over) await enqueue(tx, 'settle-session', { bookingId: id, attempt })
  })
}
