// Calls to services without idempotency keys, done once: the intent is recorded before the call and the
// result after it. A call that began and left no result may have happened, so it is looked up before it is
// repeated.
import { sql } from 'kysely'
import { now } from '../lib/time.ts'
import { failpoint } from '../lib/failpoint.ts'
import { NotYet, ProviderError } from '../lib/errors.ts'
import { type Db, inTransaction, type Tx } from '../db/client.ts'

/** Another process is making this very call, or crashed in it; come back after `waitMs`. */
export class CallUnderWay extends NotYet {
  readonly waitMs: number
  constructor(key: string, waitMs: number) {
    super(`the call ${key} is under way elsewhere`)
    this.waitMs = waitMs
  }
}

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

/**
 * Several calls of one kind that are made beside each other; each succeeds or fails alone, and is one `Call`.
 */
export type Calls<Result> = {
  keys: string[]
  provider: string
  /**
   * A call that got no answer at all may still arrive for so long; it is looked up no sooner. Milliseconds,
   * none unless told.
   */
  doubtMs?: number
  /**
   * Makes the calls of these keys beside each other. One outcome per key, in their order; see `Call.make`.
   */
  make: (keys: string[]) => Promise<PromiseSettledResult<Result>[]>
  lookUp: (key: string) => Promise<Result | undefined>
  /** Records what was made or found, in one transaction with the calls' own ends. */
  record: (tx: Tx, results: Map<string, Result>) => Promise<void>
}

// Longer than any integration waits for one answer, short enough that a crash delays nobody for long; renewed
// while the call is under way, since looking up and calling may take longer together.
const leaseSeconds = 10
const renewEverySeconds = 4

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

/** The same for several: one outcome per key, in their order. Throws only where nothing could be leased. */
export async function callAllOnce<Result>(
  db: Db,
  calls: Calls<Result>,
): Promise<PromiseSettledResult<Result | undefined>[]> {
  const leases = await leaseCalls(db, calls.keys, calls.provider)
  const open = calls.keys.filter((key) => leases.get(key) === 'first' || leases.get(key) === 'repeat')
  const failures = new Map<string, unknown>()
  for (const [key, lease] of leases) if (lease instanceof CallUnderWay) failures.set(key, lease)
  const results = new Map<string, Result>()
  if (open.length > 0) {
    const renewing = setInterval(
      () => void renewLeases(db, open).catch(() => undefined),
      renewEverySeconds * 1000,
    )
    try {
      await lookUpOrMake(
        calls,
        open.map((key) => ({ key, mayHaveHappened: leases.get(key) === 'repeat' })),
        results,
        failures,
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
      failures,
      calls.doubtMs ?? 0,
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
  const unmade = open.map(({ key }) => key).filter((key) => !results.has(key) && !failures.has(key))
  const outcomes = unmade.length > 0 ? await calls.make(unmade) : []
  for (const [index, key] of unmade.entries()) {
    const outcome = outcomes[index]!
    if (outcome.status === 'fulfilled') results.set(key, outcome.value)
    else failures.set(key, outcome.reason)
  }
  for (const key of results.keys()) failpoint(`after-call:${kindOf(key)}`)
}

async function recordAll<Result>(db: Db, calls: Calls<Result>, results: Map<string, Result>): Promise<void> {
  await inTransaction(db, async (tx) => {
    const made = [...results]
    const { rows: finished } = await sql<{ key: string }>`
      update outgoing_calls set finished_at = ${now()}, result = made.result::jsonb
      from unnest(${made.map(([key]) => key)}::text[], ${made.map(([, result]) => JSON.stringify(result ?? null))}::text[]) made(key, result)
      where outgoing_calls.key = made.key and outgoing_calls.finished_at is null
      returning outgoing_calls.key`.execute(tx)
    const mine = new Set(finished.map(({ key }) => key))
    const unrecorded = new Map([...results].filter(([key]) => mine.has(key)))
    if (unrecorded.size > 0) await calls.record(tx, unrecorded)
  })
  for (const key of results.keys()) failpoint(`after-record:${kindOf(key)}`)
}

const kindOf = (key: string) => key.split(':', 1)[0]

const leaseEnd = (time: Date) => new Date(time.getTime() + leaseSeconds * 1000)

async function renewLeases(db: Db, keys: string[]): Promise<void> {
  await db
    .updateTable('outgoingCalls')
    .set({ leasedUntil: leaseEnd(now()) })
    .where('key', 'in', keys)
    .where('finishedAt', 'is', null)
    .execute()
}

type Lease = 'first' | 'repeat' | 'finished' | CallUnderWay

async function leaseCalls(db: Db, keys: string[], provider: string): Promise<Map<string, Lease>> {
  const time = now()
  const leasedUntil = leaseEnd(time)
  // Everybody in one order, or two leases of the same calls would wait for each other.
  const ordered = [...new Set(keys)].sort()
  return inTransaction(db, async (tx) => {
    const inserted = await tx
      .insertInto('outgoingCalls')
      .values(ordered.map((key) => ({ key, provider, startedAt: time, leasedUntil })))
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key')
      .execute()
    const leases = new Map<string, Lease>(inserted.map(({ key }) => [key, 'first']))
    const known = ordered.filter((key) => !leases.has(key))
    if (known.length === 0) return leases
    const rows = await tx
      .selectFrom('outgoingCalls')
      .selectAll()
      .where('key', 'in', known)
      .orderBy('key')
      .forUpdate()
      .execute()
    // A row that is gone by now was forgotten in this moment, after a try that did nothing.
    for (const key of known) leases.set(key, new CallUnderWay(key, 50))
    for (const row of rows) leases.set(row.key, leaseOf(row, time, leasedUntil))
    const repeated = known.filter((key) => leases.get(key) === 'repeat')
    if (repeated.length > 0) {
      await tx
        .updateTable('outgoingCalls')
        .set((eb) => ({ leasedUntil, tries: eb('tries', '+', 1) }))
        .where('key', 'in', repeated)
        .execute()
    }
    return leases
  })
}

function leaseOf(
  row: { key: string; finishedAt: Date | null; leasedUntil: Date },
  time: Date,
  longestLease: Date,
): Lease {
  if (row.finishedAt) return 'finished'
  // A lease far ahead was given before the clock was moved back; it protects nobody.
  const isHeld = row.leasedUntil > time && row.leasedUntil <= longestLease
  return isHeld ? new CallUnderWay(row.key, row.leasedUntil.getTime() - time.getTime() + 50) : 'repeat'
}

/** Closes a call that is not tried again: what it did was dealt with, or it was refused. */
export async function endCall(db: Db | Tx, key: string): Promise<void> {
  await db
    .updateTable('outgoingCalls')
    .set({ finishedAt: now() })
    .where('key', '=', key)
    .where('finishedAt', 'is', null)
    .execute()
}

/**
 * After failed tries: forget the intent where nothing can have happened, else let the next try look it up,
 * once it can be found.
 */
async function endLeases(
  db: Db,
  keys: string[],
  failures: Map<string, unknown>,
  doubtMs: number,
): Promise<void> {
  if (keys.length === 0) return
  const failed = (matches: (failure: ProviderError) => boolean) =>
    keys.filter((key) => {
      const failure = failures.get(key)
      return failure instanceof ProviderError && matches(failure)
    })
  const nothingHappened = failed((failure) => !failure.ambiguous)
  if (nothingHappened.length > 0) {
    await db
      .deleteFrom('outgoingCalls')
      .where('key', 'in', nothingHappened)
      .where('finishedAt', 'is', null)
      .where('tries', '=', 1)
      .execute()
  }
  const unanswered = doubtMs > 0 ? failed((failure) => failure.ambiguous && failure.status === undefined) : []
  for (const [some, ms] of [
    [unanswered, doubtMs],
    [keys.filter((key) => !unanswered.includes(key)), 0],
  ] as const) {
    if (some.length === 0) continue
    await db
      .updateTable('outgoingCalls')
      .set({ leasedUntil: new Date(now().getTime() + ms) })
      .where('key', 'in', some)
      .where('finishedAt', 'is', null)
      .execute()
  }
}
