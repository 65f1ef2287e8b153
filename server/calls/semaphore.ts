// A semaphore for a service that refuses more than a few calls a second, and then everything for a while.
// Each call holds a permit, shared by all processes, until some time after its answer, so that no more calls
// than permits arrive within that time, however long each was on its way.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { now, toRealTime } from '../lib/time.ts'
import type { Db } from '../db/client.ts'

export type Semaphore = {
  name: 'airtable'
  /** How long a permit stays held after the answer. */
  cooldownMs: number
  /** Longer than any call takes; a process that died in its call blocks a permit no longer. */
  leaseMs: number
  /** How long to wait for a permit. */
  maxWaitMs: number
}

/** No permit is held for longer; a longer lease was written by a machine whose clock was wrong. */
const maxLeaseMs = 60_000
const pollMs = 250

/**
 * Makes the call with a permit; undefined where none became free in time, and no call was made. `closedForMs`
 * says of an answer how long the service will refuse everybody: until then no process calls.
 */
export async function withPermit<Answer>(
  db: Db,
  semaphore: Semaphore,
  call: () => Promise<Answer>,
  closedForMs: (answer: Answer) => number,
): Promise<Answer | undefined> {
  const permit = await acquirePermit(db, semaphore)
  if (!permit) return undefined
  let closedMs = 0
  try {
    const answer = await call()
    closedMs = closedForMs(answer)
    if (closedMs > 0) await closeSemaphore(db, semaphore.name, closedMs)
    return answer
  } finally {
    // Compare-and-set: where another call closed the semaphore meanwhile, the row has changed and stays.
    await db
      .updateTable('semaphorePermits')
      .set({ freeAt: after(Math.max(semaphore.cooldownMs, closedMs)) })
      .where('lane', '=', semaphore.name)
      .where('slot', '=', permit.slot)
      .where('freeAt', '=', permit.freeAt)
      .execute()
  }
}

// In real time, which moving our clock does not shorten: the service counts in it.
const realNow = () => toRealTime(now())
const after = (ms: number) => new Date(realNow().getTime() + ms)

type Permit = { slot: number; freeAt: Date }

async function acquirePermit(db: Db, { name, leaseMs, maxWaitMs }: Semaphore): Promise<Permit | undefined> {
  for (const until = performance.now() + maxWaitMs; ;) {
    const freeAt = after(leaseMs)
    const {
      rows: [acquired],
    } = await sql<{ slot: number }>`
      update semaphore_permits set free_at = ${freeAt}
      where lane = ${name} and slot = (
        select slot from semaphore_permits
        where lane = ${name} and (free_at <= ${realNow()} or free_at > ${after(maxLeaseMs)})
        order by free_at limit 1 for update skip locked)
      returning slot`.execute(db)
    if (acquired) return { slot: acquired.slot, freeAt }
    const next = await db
      .selectFrom('semaphorePermits')
      .select((eb) => eb.fn.min('freeAt').as('at'))
      .where('lane', '=', name)
      .executeTakeFirstOrThrow()
    const waitMs = Math.min(pollMs, Math.max(10, next.at.getTime() - realNow().getTime()))
    if (performance.now() + waitMs > until) return undefined
    await sleep(waitMs)
  }
}

/** Frees no permit before `ms` from now. A permit that is held for longer keeps its own end. */
async function closeSemaphore(db: Db, name: Semaphore['name'], ms: number): Promise<void> {
  await db
    .updateTable('semaphorePermits')
    .set({ freeAt: after(ms) })
    .where('lane', '=', name)
    .where('freeAt', '<', after(ms))
    .execute()
}
