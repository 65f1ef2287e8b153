// Nobody is in two places at once, and no calendar keeps a time without a session.
import { sql } from 'kysely'
import { addMinutes } from '../../server/lib/time.ts'
import { calEntries, type CalEntry } from '../../world/outside.ts'
import type { Invariant } from '../invariant.ts'
import type { Aftermath } from '../simulation.ts'

type Span = { id: string; from: number; to: number }

function overlaps(spans: Span[], whose: string): string[] {
  const sorted = [...spans].sort((a, b) => a.from - b.from)
  return sorted
    .slice(1)
    .flatMap((span, index) =>
      span.from < sorted[index]!.to ? [`${whose}: ${sorted[index]!.id} and ${span.id} overlap`] : [],
    )
}

const apart: Invariant = {
  name: 'no two sessions of one host or one member overlap, and no Cal.com calendar keeps a time that nobody has',
  look: async ({ world, db }) => {
    const rows = await db
      .selectFrom('bookings')
      .select(['id', 'hostId', 'memberId', 'startAt', 'endAt', 'calBookingUid'])
      .where('state', '=', 'completed')
      .where('outcome', 'in', ['held', 'member_no_show'])
      .where('startAt', 'is not', null)
      .execute()
    const spans = (mine: typeof rows) =>
      mine.map((row) => ({ id: row.id, from: row.startAt!.getTime(), to: row.endAt!.getTime() }))
    const problems = [...new Set(rows.map((row) => row.hostId))].flatMap((id) =>
      overlaps(spans(rows.filter((row) => row.hostId === id)), `host ${id}`),
    )
    problems.push(
      ...[...new Set(rows.map((row) => row.memberId))].flatMap((id) =>
        overlaps(spans(rows.filter((row) => row.memberId === id)), `member ${id}`),
      ),
    )
    const calendar = await calEntries(world)
    for (const cal of calendar.filter((one) => one.status === 'accepted')) {
      const isOfSession = rows.some((row) => row.calBookingUid === cal.uid)
      // A session that began stays in the calendar even where it was given back afterwards:
      // somebody came, or somebody is marked as absent.
      const isAbsent = cal.absentHost || cal.attendees.some((one) => one.absent)
      if (!isOfSession && !isAbsent && !(await hasBegun(db, cal)) && !(await wasReleased(db, cal.uid)))
        problems.push(
          `Cal.com keeps ${cal.uid} at ${cal.start} for session ${cal.metadata['presenceBookingId']}`,
        )
    }
    return { evidence: `${rows.length} sessions, ${calendar.length} entries at Cal.com`, problems }
  },
}

async function hasBegun(db: Aftermath['db'], cal: CalEntry): Promise<boolean> {
  const at = (minutes: number) => addMinutes(new Date(cal.start), minutes)
  const stay = await db
    .selectFrom('attendance')
    .select('id')
    .where('bookingId', '=', cal.metadata['presenceBookingId'] ?? '')
    .where('joinedAt', '>=', at(-15))
    .where('joinedAt', '<', at(10))
    .executeTakeFirst()
  return stay !== undefined
}

/**
 * True where it was cancelled shortly before its start while Cal.com was away until it was over. The
 * entry then stays there, and nothing depends on it.
 */
async function wasReleased(db: Aftermath['db'], uid: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from calendar_entries where wanted = 'absent' and seen = 'absent' and uid = ${uid}`.execute(
      db,
    )
  return rows.length > 0
}

/** Ended sessions whose time was never given back, and the host who uses Cal.com. */
const oneEntry: Invariant = {
  name: 'each session that took its time at Cal.com has exactly one live entry there, at its start',
  look: async ({ world, db }) => {
    const rows = await db
      .selectFrom('bookings')
      .select(['id', 'startAt', 'calBookingUid'])
      .where('state', '=', 'completed')
      .where('outcome', 'in', ['held', 'member_no_show'])
      .where('calBookingUid', 'is not', null)
      .where('startAt', 'is not', null)
      .execute()
    const live = (await calEntries(world)).filter((one) => one.status === 'accepted')
    const problems = rows.flatMap(({ id, startAt, calBookingUid }) => {
      const mine = live.filter(
        (one) =>
          one.metadata['presenceBookingId'] === id && new Date(one.start).getTime() === startAt!.getTime(),
      )
      if (mine.length === 1 && mine[0]!.uid === calBookingUid) return []
      return [`session ${id} at ${startAt!.toISOString()} has ${mine.length} live entries at Cal.com`]
    })
    const sessions = new Set((await db.selectFrom('bookings').select('id').execute()).map(({ id }) => id))
    for (const { uid, metadata } of live)
      if (metadata['presenceBookingId'] && !sessions.has(metadata['presenceBookingId']))
        problems.push(`${uid} names session ${metadata['presenceBookingId']}, which there is not`)
    return { evidence: `${rows.length} sessions, ${live.length} live entries`, problems }
  },
}

const onePlace: Invariant = {
  name: 'every live entry at Cal.com leads to the page of its session, and none to a room of Cal.com',
  look: async ({ world }) => {
    const live = (await calEntries(world)).filter(
      ({ status, metadata }) => status === 'accepted' && metadata['presenceBookingId'],
    )
    return {
      evidence: `${live.length} live entries`,
      problems: live
        .filter(
          ({ location, metadata }) =>
            !location.endsWith(`/video-session?booking=${metadata['presenceBookingId']}`),
        )
        .map(({ uid, location }) => `${uid} leads to ${location}`),
    }
  },
}

export const calendarInvariants = [apart, oneEntry, onePlace]
