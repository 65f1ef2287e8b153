import { sql } from 'kysely'
import type { Db } from '../../server/db/client.ts'
import type { Account } from '../../server/journey/purchases/ledger.ts'
import { isId } from '../../server/lib/ids.ts'

/** The explanation beside each account's name. */
export const accounts: Record<Account, string> = {
  stripe_balance: 'ours at Stripe',
  member_prepaid: 'paid by members, not used yet',
  host_payable: 'owed to hosts',
  platform_revenue: 'earned by Presence',
  stripe_fees: "Stripe's fees",
  dispute_loss: 'taken back by banks',
  other_bank: 'shares paid outside Stripe',
}

export type BalanceRow = { account: Account; host: string | null; cents: number }
export type EntryRow = {
  at: string
  kind: string
  postingId: string
  purchaseId: string
  position: number | null
  account: string
  cents: number
}

/** Every account with its balance, empty ones included; payables per host. */
export async function trialBalance(db: Db): Promise<BalanceRow[]> {
  const { rows } = await sql<BalanceRow>`
    select account, hosts.full_name as host, sum(amount_cents)::bigint as cents
    from ledger_entries left join hosts on hosts.id = host_id group by account, hosts.full_name, host_id order by hosts.full_name`.execute(
    db,
  )
  return (Object.keys(accounts) as Account[]).flatMap((account) => {
    const known = rows.filter((row) => row.account === account)
    return known.length > 0 ? known : [{ account, host: null, cents: 0 }]
  })
}

const entries = sql`
  select to_char(posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as at, kind, postings.id as posting_id, postings.purchase_id, position, account, ledger_entries.amount_cents as cents
  from ledger_entries join postings on postings.id = posting_id left join bookings on bookings.id = postings.booking_id`

/** Throws a sentence for an unknown account. */
export async function readAccount(db: Db, account: string): Promise<EntryRow[]> {
  if (!Object.hasOwn(accounts, account))
    throw new Error(`There is no account "${account}". The accounts are ${Object.keys(accounts).join(', ')}.`)
  const { rows } =
    await sql<EntryRow>`${entries} where account = ${account} order by posted_at, ledger_entries.id`.execute(
      db,
    )
  return rows
}

/**
 * The postings of a purchase, found by its id or that of one of its bookings.
 * Throws a sentence for an unknown id.
 */
export async function readPostings(db: Db, id: string): Promise<EntryRow[]> {
  const { rows } = isId(id)
    ? await sql<EntryRow>`
        ${entries} where postings.purchase_id = ${id} or postings.purchase_id = (select purchase_id from bookings where bookings.id = ${id})
        order by posted_at, posting_id, cents desc`.execute(db)
    : { rows: [] }
  if (rows.length === 0) throw new Error(`"${id}" is not the id of a session or a purchase that was paid.`)
  return rows
}
