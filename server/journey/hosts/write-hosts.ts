// Writes hosts as they were read, some hundreds at a time and only where they differ.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { recordsChanged } from '../../db/record-changes.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { HostFacts } from './host.ts'

/** Every fact that is read has its column here, so that none is forgotten when rows are compared. */
const columns: Record<keyof HostFacts, [name: string, type: string]> = {
  airtableRecordId: ['airtable_record_id', 'text'],
  fullName: ['full_name', 'text'],
  email: ['email', 'text'],
  mobileNumber: ['mobile_number', 'text'],
  photoUrl: ['photo_url', 'text'],
  bio: ['bio', 'text'],
  languages: ['languages', 'text[]'],
  country: ['country', 'text'],
  timeZone: ['time_zone', 'text'],
  tags: ['tags', 'text[]'],
  verificationStatus: ['verification_status', 'text'],
  status: ['status', 'text'],
  ageGroup: ['age_group', 'text'],
  category: ['category', 'text'],
  introVideoUrl: ['intro_video_url', 'text'],
  calUsername: ['cal_username', 'text'],
  calEventSlug: ['cal_event_slug', 'text'],
}
const facts = Object.keys(columns) as (keyof HostFacts)[]
const names = facts.map((fact) => columns[fact][0])
// A host of the built-in calendar sets the zone of their hours on the host dashboard.
const wanted = (name: string) =>
  name === 'time_zone'
    ? 'case when hosts.cal_username is null then hosts.time_zone else given.time_zone end'
    : `given.${name}`
const all = (write: (name: string) => string) => sql.raw(names.map(write).join(', '))

/**
 * A new host has no hours until they set some; a pause and a daily maximum are there to begin with. A host of
 * Cal.com has their own there.
 */
const firstRules = { bufferAfterMinutes: 10, maximumPerDay: 8 }

/**
 * Writes those that differ, and inserts those without an id. Answers how many rows it wrote: a row that is
 * as it was is not even locked, so that no checkout waits for it.
 */
export async function writeHosts(tx: Tx, hosts: (HostFacts & { id: string | undefined })[]): Promise<number> {
  const known = hosts.filter(({ id }) => id !== undefined)
  const added = hosts.filter(({ id }) => id === undefined).map((host) => ({ ...host, id: newId() }))
  await freeNumbers(tx, hosts)
  const { rows: changed } = await sql<{ id: string; isOtherRecord: boolean }>`
    update hosts set ${all((name) => `${name} = ${wanted(name)}`)}, updated_at = ${now()}
    from ${givenRows(known)}
    where hosts.id = given.id and hosts.id = any(${known.map(({ id }) => id)}::uuid[])
      and (${all((name) => `hosts.${name}`)}) is distinct from (${all(wanted)})
    returning hosts.id, old.airtable_record_id <> new.airtable_record_id as is_other_record`.execute(tx)
  if (added.length > 0) {
    await sql`
      insert into hosts (id, ${all((name) => name)}, buffer_after_minutes, maximum_per_day, created_at, updated_at)
      select id, ${all((name) => name)}, ${firstRules.bufferAfterMinutes}, ${firstRules.maximumPerDay}, ${now()}, ${now()}
      from ${givenRows(added)}`.execute(tx)
  }
  await relinkBookings(
    tx,
    changed.filter(({ isOtherRecord }) => isOtherRecord).map(({ id }) => id),
  )
  return changed.length + added.length
}

/** All rows travel in one parameter: PostgreSQL takes 65,535 of them and no more. */
function givenRows(hosts: (HostFacts & { id: string | undefined })[]) {
  const rows = hosts.map((host) => ({
    id: host.id,
    ...Object.fromEntries(facts.map((fact) => [columns[fact][0], host[fact]])),
  }))
  const shape = facts.map((fact) => columns[fact].join(' ')).join(', ')
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given(id uuid, ${sql.raw(shape)})`
}

/** Takes a number away from whoever had it before, so that two hosts may exchange theirs. */
async function freeNumbers(
  tx: Tx,
  hosts: { id: string | undefined; mobileNumber: string | null; status: HostFacts['status'] }[],
): Promise<void> {
  const moving = hosts.filter(({ mobileNumber, status }) => mobileNumber !== null && status !== 'Inactive')
  if (moving.length === 0) return
  await sql`
    update hosts set mobile_number = null
    from unnest(${moving.map(({ mobileNumber }) => mobileNumber)}::text[], ${moving.map(({ id }) => id ?? null)}::uuid[])
      as owner(mobile_number, id)
    where hosts.mobile_number = owner.mobile_number and hosts.status <> 'Inactive'
      and hosts.id is distinct from owner.id`.execute(tx)
}

/** Rows in Airtable that link to a host's old row are written again with the new one. */
async function relinkBookings(tx: Tx, hostIds: string[]): Promise<void> {
  if (hostIds.length === 0) return
  const { rows } = await sql<{ id: string }>`
    select id from bookings where host_id = any(${hostIds}::uuid[]) and state in ('pending', 'created')
    order by id limit 5000`.execute(tx)
  await recordsChanged(
    tx,
    'Presence Operations',
    rows.map(({ id }) => id),
  )
}
