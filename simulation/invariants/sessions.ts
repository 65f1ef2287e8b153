// What was paid is there, each session ended as the rules say, and nobody was in two places.
import { sql } from 'kysely'
import { stripeOf } from '../../world/outside.ts'
import type { Invariant } from '../invariant.ts'
import type { Aftermath } from '../simulation.ts'
import { minuteMs } from '../../server/lib/time.ts'

const granted: Invariant = {
  name: 'each payment is one purchase with exactly its sessions, and what was not paid grants none',
  look: async ({ world, db, history }) => {
    const purchases = await db
      .selectFrom('purchases')
      .leftJoin('bookings', 'bookings.purchaseId', 'purchases.id')
      .select(['purchases.id', 'purchases.status', 'purchases.amountCents', 'purchases.chargeId'])
      .select((eb) => [
        eb.fn.count<number>('bookings.id').as('sessions'),
        eb.fn.sum<number>('bookings.amountCents').as('cents'),
      ])
      .groupBy('purchases.id')
      .execute()
    const charges = (
      await stripeOf(world).charges.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
    ).filter((one) => one.paid)
    const problems: string[] = []
    for (const purchase of purchases) {
      const paid = history.paid.get(purchase.id)
      const mine = charges.filter((one) => one.metadata['purchase_id'] === purchase.id)
      const isPaid = purchase.status === 'paid' || purchase.status === 'refunded'
      if (mine.length !== (paid ? 1 : 0))
        problems.push(`purchase ${purchase.id} has ${mine.length} charges at Stripe`)
      if (Boolean(paid) !== isPaid)
        problems.push(
          `purchase ${purchase.id} is ${purchase.status}, and ${paid ? 'was paid' : 'nobody paid it'}`,
        )
      if (Number(purchase.sessions) !== (paid?.sessions ?? 0))
        problems.push(
          `purchase ${purchase.id} grants ${purchase.sessions} sessions, and it must be ${paid?.sessions ?? 0}`,
        )
      if (paid && Number(purchase.cents) !== paid.amountCents)
        problems.push(
          `the sessions of purchase ${purchase.id} are worth ${purchase.cents} cents, and it cost ${paid.amountCents}`,
        )
      if (!paid && purchase.status !== 'expired' && purchase.status !== 'failed')
        problems.push(`purchase ${purchase.id} is ${purchase.status} for ever`)
    }
    for (const id of [...history.paid.keys(), ...history.unpaid])
      if (!purchases.some((one) => one.id === id)) problems.push(`purchase ${id} is gone`)
    return { evidence: `${charges.length} charges, ${purchases.length} purchases`, problems }
  },
}

const ended: Invariant = {
  name: 'each session ended as the rules say, and nobody was refused or given anything against them',
  look: async ({ db, history }) => {
    const rows = await db
      .selectFrom('bookings')
      .select(['id', 'state', 'outcome', 'refundedCents', 'attempt'])
      .execute()
    const problems = [...history.wrongs]
    for (const row of rows) {
      const wanted = history.expected.get(row.id)
      if (!wanted) continue // its journey broke off, which is said there
      const isSo =
        row.state === wanted.state && (wanted.outcome === undefined || row.outcome === wanted.outcome)
      if (!isSo)
        problems.push(
          `session ${row.id} ended as ${row.state}, ${row.outcome} at attempt ${row.attempt}, and it must be ${wanted.state}, ${wanted.outcome ?? 'any outcome'}`,
        )
    }
    const by = (state: string) => rows.filter((row) => row.state === state).length
    return {
      evidence: `${by('completed')} delivered, ${by('cancelled')} refunded, ${by('expired')} expired`,
      problems,
    }
  },
}

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
    const calendar = await calBookings(world)
    for (const cal of calendar.filter((one) => one.status === 'accepted')) {
      const isOfSession = rows.some((row) => row.calBookingUid === cal.uid)
      // What began stays in the calendar also where it was given back afterwards: somebody came, or somebody
      // is marked as absent.
      const isAbsent = cal.absentHost || cal.attendees?.some((one) => one.absent)
      if (!isOfSession && !isAbsent && !(await hasBegun(db, cal)) && !(await wasReleased(db, cal.uid)))
        problems.push(
          `Cal.com keeps ${cal.uid} at ${cal.start} for session ${cal.metadata['presenceBookingId']}`,
        )
    }
    return { evidence: `${rows.length} sessions, ${calendar.length} entries at Cal.com`, problems }
  },
}

async function hasBegun(db: Aftermath['db'], cal: CalBooking): Promise<boolean> {
  const at = (minutes: number) => new Date(Date.parse(cal.start) + minutes * minuteMs)
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
 * Cancelled shortly before it, while Cal.com was away until it was over: then it stays there, and nothing
 * depends on it.
 */
async function wasReleased(db: Aftermath['db'], uid: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from pgboss.job where name = 'release-calendar' and state = 'completed' and data ->> 'calBookingUid' = ${uid}`.execute(
      db,
    )
  return rows.length > 0
}

type CalBooking = {
  uid: string
  status: string
  start: string
  metadata: Record<string, string>
  absentHost?: boolean
  attendees?: { absent?: boolean }[]
}

async function calBookings(world: Aftermath['world']): Promise<CalBooking[]> {
  const all: CalBooking[] = []
  for (let skip = 0; ; skip += 100) {
    const response = await fetch(`${world.sandboxUrl}/v2/bookings?take=100&skip=${skip}`, {
      headers: { authorization: `Bearer ${world.keys['CALCOM_API_KEY']}`, 'cal-api-version': '2024-08-13' },
    })
    if (!response.ok) throw new Error(`Cal.com answered ${response.status}: ${await response.text()}`)
    const { data } = (await response.json()) as { data: CalBooking[] }
    all.push(...data)
    if (data.length < 100) return all
  }
}

const rooms: Invariant = {
  name: 'no room is left open',
  look: async ({ world, db }) => {
    const rows = await db.selectFrom('rooms').select(['name', 'status']).execute()
    const problems = rows
      .filter((row) => row.status !== 'ended')
      .map((row) => `room ${row.name} is ${row.status}`)
    const response = await fetch(`${world.sandboxUrl}/v1/rooms?limit=100`, {
      headers: { authorization: `Bearer ${world.keys['DAILY_API_KEY']}` },
    })
    const { data } = (await response.json()) as { data: { name: string }[] }
    for (const { name } of data) problems.push(`Daily still has the room ${name}`)
    const inside = await db.selectFrom('attendance').select('id').where('leftAt', 'is', null).execute()
    if (inside.length > 0) problems.push(`${inside.length} stays have no end`)
    return { evidence: `${rows.length} rooms`, problems }
  },
}

export const sessionInvariants = [granted, ended, apart, rooms]
