// One tap keeps two people apart, without a word about why. A session of theirs that is under way ends as
// by a report, since only an operator can say what becomes of its money.
import { inTransaction, type Tx } from '../../db/client.ts'
import { notFound } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import { lockCalendars } from '../bookings/lock-calendars.ts'
import type { Role } from '../bookings/participant.ts'
import { isAhead, setBlock } from '../bookings/set-block.ts'
import type { Context } from '../context.ts'
import type { Pair } from '../members/find-blocked.ts'
import { recordReport } from './report-session.ts'
import { urgencies } from './report.ts'

/** Refuses with not_found: a host knows only members who have had a booking with them. */
export async function blockPerson(ctx: Context, pair: Pair, by: Role): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    await lockCalendars(tx, pair)
    await requireKnown(tx, pair, by)
    const underWay = await findUnderWay(tx, pair)
    if (!underWay) return setBlock(tx, pair, by)
    await recordReport(
      ctx,
      tx,
      { bookingId: underWay.id, role: by },
      { text: 'Blocked during the session, without a word.', endsSession: true, urgency: urgencies.ordinary },
    )
  })
}

async function requireKnown(tx: Tx, { hostId, memberId }: Pair, by: Role): Promise<void> {
  const known =
    by === 'member'
      ? await tx.selectFrom('hosts').select('id').where('id', '=', hostId).executeTakeFirst()
      : await tx
          .selectFrom('bookings')
          .select('id')
          .where('hostId', '=', hostId)
          .where('memberId', '=', memberId)
          .executeTakeFirst()
  if (!known) throw notFound(by === 'member' ? 'host' : 'member')
}

async function findUnderWay(tx: Tx, pair: Pair) {
  const booking = await tx
    .selectFrom('bookings')
    .selectAll()
    .where('hostId', '=', pair.hostId)
    .where('memberId', '=', pair.memberId)
    .where('state', '=', 'created')
    .where('outcome', 'is', null)
    .where('endAt', '>', now())
    .orderBy('startAt')
    .executeTakeFirst()
  return booking && !isAhead(booking) ? booking : undefined
}
