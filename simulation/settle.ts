// After the faults have ended, lets time pass until nothing is pending.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../server/db/client.ts'
import { hourMs, minuteMs } from '../server/lib/time.ts'
import { clockNow } from '../world/outside.ts'
import type { World } from '../world/person.ts'
import { goTo } from './time.ts'

const patienceMs = 90_000
/** A webhook that met nobody for a while is sent again minutes later, on real time. */
const deliveryPatienceMs = 10 * minuteMs
/**
 * Deadlines this close together are reached in one step of the clock; every message stays useful for longer.
 */
const stepMs = 8 * hourMs

/** Answers what is still pending; empty where nothing is. */
export async function settle(world: World, db: Db, say: (line: string) => void): Promise<string[]> {
  let unrest = await waitForRest(world, db)
  for (let steps = 1; unrest.length === 0; steps++) {
    const waitMs = await nextIn(world, db)
    if (waitMs === undefined) break
    if (steps > 400) return [`time has passed ${steps} times, and something still waits`]
    if (steps % 10 === 0) say(`time passes: ${steps} steps`)
    await goTo(world, { aheadMs: Math.max(Math.ceil(waitMs), 0) + stepMs })
    unrest = await waitForRest(world, db)
  }
  // Movements that only Stripe has are compared twice, some minutes apart.
  for (let times = 0; times < 3 && unrest.length === 0; times++) {
    await goTo(world, { aheadMs: 10 * minuteMs })
    unrest = await waitForRest(world, db)
  }
  return unrest
}

/** Until its next try comes by the movable clock. */
const isPutAside = sql<boolean>`next_try_at > now() + (select offset_ms from clock) * interval '1 millisecond'`

type Waiting = { deliveries: number; jobs: number; messages: number; records: number; calls: number }

/**
 * Waits until nothing is due; what was put aside is due at its next try. Answers what still is after the
 * time-out.
 */
export async function waitForRest(world: World, db: Db, milliseconds = patienceMs): Promise<string[]> {
  let calm = 0
  let waiting: Waiting | undefined
  const from = Date.now()
  const isPatient = () =>
    Date.now() <
    from + (milliseconds === patienceMs && isDeliveryAlone(waiting) ? deliveryPatienceMs : milliseconds)
  for (; isPatient(); await sleep(150)) {
    waiting = await whatWaits(world, db).catch(() => undefined)
    const isCalm = waiting !== undefined && Object.values(waiting).every((number) => number === 0)
    calm = isCalm ? calm + 1 : 0
    if (calm === 2) return []
  }
  return [`still waiting: ${JSON.stringify(waiting)}`, ...(await whichWait(db))]
}

/** The first of each that still wait, by name. */
async function whichWait(db: Db): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`
    (select 'call ' || key || ' in try ' || tries || ', leased until ' || leased_until as what
      from outgoing_calls where finished_at is null order by started_at limit 3)
    union all (select 'job ' || name || ' ' || left(data::text, 120) || ' ' || left(coalesce(output::text, ''), 200)
      from pgboss.job where name not like '\\_\\_pgboss%' and state in ('active', 'retry') order by created_on limit 3)
    union all (select 'SMS ' || key from messages where status = 'waiting' limit 3)
    union all (select 'record ' || table_name || ' ' || presence_id from record_changes limit 3)`
    .execute(db)
    .catch(() => ({ rows: [] }))
  return rows.map(({ what }) => what)
}

function isDeliveryAlone(waiting: Waiting | undefined): boolean {
  if (!waiting) return false
  const { deliveries, ...others } = waiting
  return deliveries > 0 && Object.values(others).every((number) => number === 0)
}

async function whatWaits({ sandboxUrl }: World, db: Db): Promise<Waiting> {
  const pending = (await (
    await fetch(`${sandboxUrl}/_sandbox/documents?limit=10000&prefix=core.delivery`)
  ).json()) as Record<string, unknown[]>
  const { rows } = await sql<Omit<Waiting, 'deliveries'>>`
    select
      (select count(*) from pgboss.job
        where name not like '\\_\\_pgboss%'
          and (state in ('active', 'retry') or (state = 'created' and start_after <= now())))::int as jobs,
      (select count(*) from messages where status = 'waiting')::int as messages,
      (select count(*) from record_changes
        where not exists (
          select from quarantine
          where ${isPutAside} and kind = 'write-record' and key = table_name || ':' || presence_id))::int as records,
      (select count(*) from outgoing_calls
        where finished_at is null and not exists (
          select from quarantine
          where ${isPutAside} and kind = 'clear-entry'
            and 'calcom-book:' || quarantine.key = outgoing_calls.key))::int as calls`.execute(db)
  return { deliveries: pending['core.delivery']?.length ?? 0, ...rows[0]! }
}

/** Milliseconds until the next deadline; undefined where there is none. */
async function nextIn(world: World, db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    select least(
      (select extract(epoch from min(start_after) - now()) from pgboss.job
        where state = 'created' and name not like '\\_\\_pgboss%'),
      (select extract(epoch from min(next_try_at) - now()) - (select offset_ms from clock) / 1000.0
        from quarantine),
      (select extract(epoch from min(parked_until) - now()) - (select offset_ms from clock) / 1000.0
        from webhook_events where handled_at is null and parked_until is not null)
    )::float8 * 1000 as ms`.execute(db)
  const waits = [rows[0]?.ms ?? undefined, await nextMoneyIn(world)].filter((ms) => ms !== undefined)
  return waits.length > 0 ? Math.min(...waits) : undefined
}

/** Milliseconds until the money of a won dispute comes back. */
async function nextMoneyIn(world: World): Promise<number | undefined> {
  const { 'core.timer': timers = [] } = (await (
    await fetch(`${world.sandboxUrl}/_sandbox/documents?limit=10000&prefix=core.timer`)
  ).json()) as { 'core.timer'?: { kind: string; atMs: number }[] }
  const dueAt = timers.filter(({ kind }) => kind === 'reinstate').map(({ atMs }) => atMs)
  return dueAt.length > 0 ? Math.min(...dueAt) - (await clockNow(world)).getTime() : undefined
}
