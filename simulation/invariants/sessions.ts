// Every payment has its sessions, each session ended by the rules, and no room is left open.
import { stripeOf } from '../../world/outside.ts'
import type { Invariant } from '../invariant.ts'

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
    const problems = [...history.violations]
    for (const row of rows) {
      const wanted = history.expected.get(row.id)
      if (!wanted) continue // its journey failed, which another invariant reports
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

export const sessionInvariants = [granted, ended, rooms]
