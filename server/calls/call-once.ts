// Exactly one call to a service that has no idempotency keys: the intent is recorded before the call and the
// result after it. A call without a recorded result may have happened, so it is looked up before it is
// repeated.
import { sql } from 'kysely'
import { type Db, inTransaction, type Tx } from '../db/client.ts'
import { failpoint } from '../lib/failpoint.ts'
import { now } from '../lib/time.ts'
import { CallUnderWay, endLeases, leaseCalls, renewEverySeconds, renewLeases } from './lease.ts'

export type Call<Result> = {
  /** Made from our ids, the same for every try. */
  key: string
  provider: string
  /** Makes the call. Throws ProviderError; one that is not ambiguous means that nothing happened. */
  make: () => Promise<Result>
  /** Finds what an earlier try may have done, or undefined. */
  lookUp: () => Promise<Result | undefined>
  /** Records the result and what follows from it, in one transaction with the call's own end. */
  record: (tx: Tx, result: Result) => Promise<void>
}

/** Several calls of one kind that are made concurrently. Each is one `Call` and succeeds or fails alone. */
export type Calls<Result> = {
  keys: string[]
  provider: string
  /** How long a call without any answer may still arrive: it is not looked up before. 0 by default. */
  arrivalMs?: number
  /** Makes the calls of these keys concurrently. One outcome per key, in their order; see `Call.make`. */
  make: (keys: string[]) => Promise<PromiseSettledResult<Result>[]>
  lookUp: (key: string) => Promise<Result | undefined>
  /** Records what was made or found, in one transaction with the calls' own ends. */
  record: (tx: Tx, results: Map<string, Result>) => Promise<void>
}

/**
 * Makes the call once over any number of tries, crashes and processes. Returns its result, or undefined where
 * an earlier try had already recorded it. Throws CallUnderWay, or what `make` threw.
 */
export async function callOnce<Result>(
  db: Db,
  { key, provider, make, lookUp, record }: Call<Result>,
): Promise<Result | undefined> {
  const [outcome] = await callAllOnce<Result>(db, {
    keys: [key],
    provider,
    make: () => Promise.allSettled([make()]),
    lookUp,
    record: (tx, results) => record(tx, results.get(key)!),
  })
  if (outcome?.status === 'rejected') throw outcome.reason
  return outcome?.value
}

/** callOnce for several calls: one outcome per key, in their order. Throws only where leasing failed. */
export async function callAllOnce<Result>(
  db: Db,
  calls: Calls<Result>,
): Promise<PromiseSettledResult<Result | undefined>[]> {
  const { holder, leases } = await leaseCalls(db, calls.keys, calls.provider)
  const open = calls.keys.filter((key) => leases.get(key) === 'first' || leases.get(key) === 'repeat')
  const failures = new Map<string, unknown>()
  for (const [key, lease] of leases) if (lease instanceof CallUnderWay) failures.set(key, lease)
  const results = new Map<string, Result>()
  if (open.length > 0) {
    const renewing = setInterval(
      () => void renewLeases(db, open, holder).catch(() => undefined),
      renewEverySeconds * 1000,
    )
    try {
      await lookUpOrMake(
        calls,
        open.map((key) => ({ key, mayHaveHappened: leases.get(key) === 'repeat' })),
        results,
        failures,
        (keys) => renewLeases(db, keys, holder),
      )
      if (results.size > 0) await recordAll(db, calls, results)
    } catch (error) {
      for (const key of open) if (!failures.has(key)) failures.set(key, error)
    } finally {
      clearInterval(renewing)
    }
    await endLeases(
      db,
      open.filter((key) => failures.has(key)),
      holder,
      failures,
      calls.arrivalMs ?? 0,
    )
  }
  return calls.keys.map((key) =>
    failures.has(key)
      ? { status: 'rejected', reason: failures.get(key) }
      : { status: 'fulfilled', value: results.get(key) },
  )
}

/** Puts each call's result, or why it has none, into `results` and `failures`. */
async function lookUpOrMake<Result>(
  calls: Calls<Result>,
  open: { key: string; mayHaveHappened: boolean }[],
  results: Map<string, Result>,
  failures: Map<string, unknown>,
  confirmLeases: (keys: string[]) => Promise<string[]>,
): Promise<void> {
  for (const { key } of open) failpoint(`before-call:${kindOf(key)}`)
  await Promise.all(
    open
      .filter(({ mayHaveHappened }) => mayHaveHappened)
      .map(async ({ key }) => {
        try {
          const found = await calls.lookUp(key)
          if (found !== undefined) results.set(key, found)
        } catch (error) {
          failures.set(key, error)
        }
      }),
  )
  const missing = open.map(({ key }) => key).filter((key) => !results.has(key) && !failures.has(key))
  // The last statement before the calls: a process that was paused beyond its lease makes none.
  const confirmed = new Set(missing.length > 0 ? await confirmLeases(missing) : [])
  const unmade = missing.filter((key) => confirmed.has(key))
  for (const key of missing) if (!confirmed.has(key)) failures.set(key, new CallUnderWay(key, 1_000))
  const outcomes = unmade.length > 0 ? await calls.make(unmade) : []
  for (const [index, key] of unmade.entries()) {
    const outcome = outcomes[index]!
    if (outcome.status === 'fulfilled') results.set(key, outcome.value)
    else failures.set(key, outcome.reason)
  }
  for (const key of results.keys()) failpoint(`after-call:${kindOf(key)}`)
}

/** Compare-and-set on finished_at: a call that another process has recorded is not recorded again. */
async function recordAll<Result>(db: Db, calls: Calls<Result>, results: Map<string, Result>): Promise<void> {
  await inTransaction(db, async (tx) => {
    const keys = [...results.keys()]
    const values = [...results.values()].map((result) => JSON.stringify(result ?? null))
    const { rows: finished } = await sql<{ key: string }>`
      update outgoing_calls set finished_at = ${now()}, result = made.result::jsonb
      from unnest(${keys}::text[], ${values}::text[]) made(key, result)
      where outgoing_calls.key = made.key and outgoing_calls.finished_at is null
      returning outgoing_calls.key`.execute(tx)
    const ours = new Set(finished.map(({ key }) => key))
    const unrecorded = new Map([...results].filter(([key]) => ours.has(key)))
    if (unrecorded.size > 0) await calls.record(tx, unrecorded)
  })
  for (const key of results.keys()) failpoint(`after-record:${kindOf(key)}`)
}

const kindOf = (key: string) => key.split(':', 1)[0]

/** Closes a call that is not tried again, because its effect was undone or it was refused. */
export async function endCall(db: Db | Tx, key: string): Promise<void> {
  await db
    .updateTable('outgoingCalls')
    .set({ finishedAt: now() })
    .where('key', '=', key)
    .where('finishedAt', 'is', null)
    .execute()
}
