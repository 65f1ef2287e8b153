import { sql } from 'kysely'
import type { Db } from '../../server/db/client.ts'
import { isId } from '../../server/lib/ids.ts'

export type BalanceRow = { account: string; host: string | null; cents: number }
export type EntryRow = { at: string; kind: string; purchaseId: string; account: string; cents: number }

/** Every account with its balance; what is payable, host by host. */
export async function trialBalance(db: Db): Promise<BalanceRow[]> {
  const { rows } = await sql<BalanceRow>`
    select account, hosts.full_name as host, sum(amount_cents)::bigint as cents
    from ledger_entries left join hosts on hosts.id = host_id group by account, hosts.full_name, host_id order by account, hosts.full_name`.execute(db)
  return rows
}

const entries = sql`
  select to_char(posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as at, kind, purchase_id, account, amount_cents as cents
  from ledger_entries join postings on postings.id = posting_id`

export async function readAccount(db: Db, account: string): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`${entries} where account = ${account} order by posted_at, ledger_entries.id`.execute(db)
  return rows
}

/** The postings of a booking with those of its whole purchase, or of a purchase. */
export async function readPostings(db: Db, id: string): Promise<EntryRow[]> {
  if (!isId(id)) throw new Error(`"${id}" is not the id of a booking or a purchase.`)
  const { rows } = await sql<EntryRow>`
    ${entries} where purchase_id = ${id} or purchase_id = (select purchase_id from bookings where bookings.id = ${id})
    order by posted_at, posting_id, ledger_entries.id`.execute(db)
  return rows
}
