// Compares the ledger, Stripe's books, and what people know they paid, earned and got back.
import { sql } from 'kysely'
import { openStripe } from '../../server/integrations/stripe.ts'
import { hostShareOf } from '../../server/journey/refunds/money-parts.ts'
import { compareWithStripe } from '../../scripts/ledger/compare.ts'
import { dollars } from '../../scripts/ledger/print.ts'
import { stripeOf } from '../../world/outside.ts'
import type { Invariant } from '../invariant.ts'
import type { Aftermath } from '../simulation.ts'

const balanced: Invariant = {
  name: 'every posting sums to zero, and so does the ledger',
  look: async ({ db }) => {
    const { rows } = await sql<{ kind: string; id: string; cents: number }>`
      select kind, postings.id, coalesce(sum(amount_cents), 0)::bigint as cents from postings left join ledger_entries on posting_id = postings.id group by 1, 2`.execute(
      db,
    )
    return {
      evidence: `${rows.length} postings`,
      problems: rows
        .filter((row) => row.cents !== 0)
        .map((row) => `${row.kind} ${row.id} sums to ${row.cents}`),
    }
  },
}

const likeStripe: Invariant = {
  name: "the accounts agree with Stripe's own books to the cent",
  look: async ({ world, db }) => {
    const stripe = openStripe({
      apiUrl: world.sandboxUrl,
      jsUrl: '',
      secretKey: world.keys['STRIPE_SECRET_KEY']!,
      publishableKey: '',
      webhookSecrets: [],
    })
    const movements = await stripeOf(world)
      .balanceTransactions.list({ limit: 100 })
      .autoPagingToArray({ limit: 10_000 })
    const theirs = movements.reduce((sum, movement) => sum + movement.net, 0)
    const ours = await balanceOf(db, 'stripe_balance')
    const problems = await compareWithStripe({ db, stripe, close: async () => undefined })
    if (ours !== theirs)
      problems.push(`the ledger has ${dollars(ours)} at Stripe, Stripe has ${dollars(theirs)}`)
    return { evidence: `${movements.length} movements, ${dollars(theirs)} at Stripe`, problems }
  },
}

const usedUp: Invariant = {
  name: 'nothing is owed any more: members have used, lost or got back what they paid, hosts have been paid',
  look: async ({ db }) => {
    const prepaid = await balanceOf(db, 'member_prepaid')
    const { rows } = await sql<{ name: string; cents: number }>`
      select full_name as name, -sum(amount_cents)::bigint as cents from ledger_entries join hosts on hosts.id = host_id where account = 'host_payable' group by 1`.execute(
      db,
    )
    const problems = rows
      .filter(({ cents }) => cents !== 0)
      .map(({ name, cents }) => `${name} is owed ${dollars(cents)}`)
    if (prepaid !== 0) problems.push(`members have ${dollars(-prepaid)} to use`)
    return { evidence: `${rows.length} hosts`, problems }
  },
}

async function balanceOf(db: Aftermath['db'], account: string): Promise<number> {
  const { rows } = await sql<{
    cents: number
  }>`select coalesce(sum(amount_cents), 0)::bigint as cents from ledger_entries where account = ${account}`.execute(
    db,
  )
  return rows[0]!.cents
}

const paidOnce: Invariant = {
  name: 'every delivered session was paid to its host exactly once, and nothing else was',
  look: async ({ world, db }) => {
    const transfers = await stripeOf(world)
      .transfers.list({ limit: 100 })
      .autoPagingToArray({ limit: 10_000 })
    const rows = await db
      .selectFrom('bookings')
      .innerJoin('hosts', 'hosts.id', 'bookings.hostId')
      .select([
        'bookings.id',
        'bookings.state',
        'bookings.amountCents',
        'bookings.hostCents',
        'bookings.refundedCents',
        'hosts.stripeAccountId',
      ])
      .execute()
    const problems: string[] = []
    for (const booking of rows) {
      const mine = transfers.filter((one) => one.metadata['booking_id'] === booking.id)
      const owed =
        booking.state === 'completed' ? hostShareOf(booking, booking.amountCents - booking.refundedCents) : 0
      const holds = mine.reduce((sum, one) => sum + one.amount - one.amount_reversed, 0)
      if (mine.length > 1) problems.push(`session ${booking.id} was paid ${mine.length} times`)
      if (holds !== owed)
        problems.push(
          `for session ${booking.id} the host holds ${dollars(holds)} and has earned ${dollars(owed)}`,
        )
      for (const one of mine)
        if (one.destination !== booking.stripeAccountId)
          problems.push(`session ${booking.id} was paid to ${String(one.destination)}`)
    }
    const known = new Set(rows.map((row) => row.id))
    for (const one of transfers)
      if (!known.has(one.metadata['booking_id'] ?? ''))
        problems.push(`transfer ${one.id} belongs to no session`)
    return {
      evidence: `${rows.filter((row) => row.state === 'completed').length} delivered, ${transfers.length} transfers`,
      problems,
    }
  },
}

const refunds: Invariant = {
  name: 'every refund was made exactly once, and is what the rules say',
  look: async ({ world, db, history }) => {
    const stripe = stripeOf(world)
    const made = (await stripe.refunds.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })).filter(
      (one) => one.status !== 'failed' && one.status !== 'canceled',
    )
    const problems: string[] = []
    const purchases = await db
      .selectFrom('purchases')
      .select(['id', 'chargeId'])
      .where('chargeId', 'is not', null)
      .execute()
    for (const { id, chargeId } of purchases) {
      const atStripe = made.filter((one) => one.charge === chargeId).reduce((sum, one) => sum + one.amount, 0)
      const wanted = [...history.expected.values()]
        .filter((one) => one.purchaseId === id)
        .reduce((sum, one) => sum + one.refundedCents, 0)
      if (atStripe !== wanted)
        problems.push(`of purchase ${id} ${dollars(atStripe)} went back, and it must be ${dollars(wanted)}`)
    }
    const open = await db
      .selectFrom('refunds')
      .select(['id', 'status'])
      .where('status', '!=', 'succeeded')
      .execute()
    for (const { id, status } of open) problems.push(`refund ${id} is ${status}`)
    return {
      evidence: `${made.length} refunds of ${dollars(made.reduce((sum, one) => sum + one.amount, 0))}`,
      problems,
    }
  },
}

export const moneyInvariants = [balanced, likeStripe, usedUp, paidOnce, refunds]
