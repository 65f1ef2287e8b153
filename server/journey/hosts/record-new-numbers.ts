// A host who has something to lose keeps the old number until a code to the new one confirms it, a day after
// the old one was told. Until then the new number is only kept beside it.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { recordSecurity } from '../../db/security-events.ts'
import { addHours, now } from '../../lib/time.ts'
import { objectionHours } from './new-number.ts'

type Row = { id: string | undefined; mobileNumber: string | null }
type Guarded = { id: string; fullName: string; mobileNumber: string; newNumber: string | null }

/** Answers the hosts with the numbers that count now. Nobody else gets the number of a host who keeps it. */
export async function recordNewNumbers<Host extends Row>(tx: Tx, hosts: Host[]): Promise<Host[]> {
  const guarded = await findGuarded(
    tx,
    hosts.flatMap(({ id }) => id ?? []),
    hosts.flatMap(({ mobileNumber }) => mobileNumber ?? []),
  )
  const byId = new Map(guarded.map((host) => [host.id, host]))
  const taken = new Map(guarded.map((host) => [host.mobileNumber, host.id]))
  const written: Host[] = []
  for (const host of hosts) {
    const known = host.id ? byId.get(host.id) : undefined
    const owner = host.mobileNumber ? taken.get(host.mobileNumber) : undefined
    if (known) {
      await keepAside(tx, known, host.mobileNumber)
      written.push({ ...host, mobileNumber: known.mobileNumber })
    } else if (owner && owner !== host.id) written.push({ ...host, mobileNumber: null })
    else written.push(host)
  }
  return written
}

/** Those of them, and those with these numbers, who have signed in, have an account at Stripe or sessions. */
async function findGuarded(tx: Tx, ids: string[], numbers: string[]): Promise<Guarded[]> {
  const { rows } = await sql<Guarded>`
    select id, full_name, mobile_number, new_number from hosts
    where (id = any(${ids}::uuid[]) or mobile_number = any(${numbers}::text[]))
      and mobile_number is not null and status <> 'Inactive'
      and (stripe_account_id is not null
        or exists (select from people where people.mobile_number = hosts.mobile_number)
        or exists (select from bookings where bookings.host_id = hosts.id))`.execute(tx)
  return rows
}

async function keepAside(tx: Tx, host: Guarded, given: string | null): Promise<void> {
  const wanted = given === host.mobileNumber ? null : given
  if (wanted === host.newNumber) return
  const time = now()
  await tx
    .updateTable('hosts')
    .set({ newNumber: wanted, newNumberAt: wanted === null ? null : time })
    .where('id', '=', host.id)
    .execute()
  if (wanted === null) return
  const opensAt = addHours(time, objectionHours)
  const key = `host-number:${host.id}:${time.getTime()}`
  await enqueue(tx, 'send-message', {
    key,
    template: 'Host Number Changed',
    recipient: 'host',
    hostId: host.id,
    startAt: opensAt.toISOString(),
    usefulUntil: opensAt.toISOString(),
  })
  await addOperatorTask(tx, {
    key,
    kind: 'security',
    sentence:
      `${host.fullName} has another mobile number in Airtable. The old one was told and still counts; the ` +
      'new one opens their account after a day and a code. If nobody meant this, put the old number back.',
    hostId: host.id,
  })
  await recordSecurity(tx, {
    kind: 'rights_changed',
    personId: null,
    subject: `host ${host.id}`,
    reason: 'another mobile number in Airtable, not confirmed yet',
  })
}
