// For a service that refuses more than a few calls a second, and then everything for a while: each call holds
// one of the lane's slots, shared by all processes, until a while after its answer. So no such while ever
// sees more calls arrive than there are slots, however long each was on its way.
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { now, toRealTime } from '../lib/time.ts'
import type { Db } from '../db/client.ts'

export type Semaphore = {
  lane: 'airtable'
  /** How long a slot stays taken after the answer. */
  restMs: number
  /** Longer than any call takes; a process that died in its call blocks a slot no longer. */
  leaseMs: number
  /** How long to wait for a slot. */
  patienceMs: number
}

/**
 * No slot is taken for longer than this; one that seems to be was taken by a machine whose clock was wrong.
 */
const furthestMs = 60_000
const lookAgainMs = 250

/**
 * Makes the call in a slot; undefined where none became free in time, and no call was made. `closedForMs`
 * says of an answer how long the service will refuse everybody: until then no process calls.
 */
export async function withPermit<Answer>(
  db: Db,
  slots: Semaphore,
  call: () => Promise<Answer>,
  closedForMs: (answer: Answer) => number,
): Promise<Answer | undefined> {
  const taken = await takeSlot(db, slots)
  if (!taken) return undefined
  let closedMs = 0
  try {
    const answer = await call()
    closedMs = closedForMs(answer)
    if (closedMs > 0) await closeLane(db, slots.lane, closedMs)
    return answer
  } finally {
    // A lane that was closed meanwhile stays closed.
    await db
      .updateTable('callSlots')
      .set({ freeAt: after(Math.max(slots.restMs, closedMs)) })
      .where('lane', '=', slots.lane)
      .where('slot', '=', taken.slot)
      .where('freeAt', '=', taken.freeAt)
      .execute()
  }
}

// In real time, which moving our clock does not shorten: the service counts in it.
const realNow = () => toRealTime(now())
const after = (ms: number) => new Date(realNow().getTime() + ms)

type Taken = { slot: number; freeAt: Date }

async function takeSlot(db: Db, { lane, leaseMs, patienceMs }: Semaphore): Promise<Taken | undefined> {
  for (const until = performance.now() + patienceMs; ;) {
    const freeAt = after(leaseMs)
    const {
      rows: [taken],
    } = await sql<{ slot: number }>`
      update call_slots set free_at = ${freeAt}
      where lane = ${lane} and slot = (select slot from call_slots where lane = ${lane} and (free_at <= ${realNow()} or free_at > ${after(furthestMs)})
        order by free_at limit 1 for update skip locked)
      returning slot`.execute(db)
    if (taken) return { slot: taken.slot, freeAt }
    const next = await db
      .selectFrom('callSlots')
      .select((eb) => eb.fn.min('freeAt').as('at'))
      .where('lane', '=', lane)
      .executeTakeFirstOrThrow()
    const waitMs = Math.min(lookAgainMs, Math.max(10, next.at.getTime() - realNow().getTime()))
    if (performance.now() + waitMs > until) return undefined
    await sleep(waitMs)
  }
}

/** A call that is under way meanwhile keeps its slot for as long as it would have. */
async function closeLane(db: Db, lane: Semaphore['lane'], ms: number): Promise<void> {
  await db
    .updateTable('callSlots')
    .set({ freeAt: after(ms) })
    .where('lane', '=', lane)
    .where('freeAt', '<', after(ms))
    .execute()
}
