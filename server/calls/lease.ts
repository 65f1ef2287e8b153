// Leases on outgoing calls: one process at a time makes a call, and after its crash the lease runs out.
import { NotYet, ProviderError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import { addMinutes, now } from '../lib/time.ts'
import { type Db, inTransaction } from '../db/client.ts'

/** Another process is making this call, or crashed in it; try again after `waitMs`. */
export class CallUnderWay extends NotYet {
  readonly waitMs: number
  constructor(key: string, waitMs: number) {
    super(`the call ${key} is under way elsewhere`)
    this.waitMs = waitMs
  }
}

// Longer than any integration waits for one answer, and short enough that a crash delays nobody for long. A
// lease is renewed during the call, since looking up and calling together may take longer.
const leaseSeconds = 10
export const renewEverySeconds = 4

/**
 * Far more than any lease, any wait for an answer, and any difference between the clocks of two machines: a
 * lease that ends a moment later than mine would is somebody else's, who looked at the clock a moment later.
 */
const plausibleMinutes = 15

const leaseEnd = (time: Date) => new Date(time.getTime() + leaseSeconds * 1000)

/**
 * Renews the leases that `holder` still has, and answers their keys. A process that was paused beyond its
 * lease may have lost some to another one: what it has no lease on any more it must not call.
 */
export async function renewLeases(db: Db, keys: string[], holder: string): Promise<string[]> {
  const rows = await db
    .updateTable('outgoingCalls')
    .set({ leasedUntil: leaseEnd(now()) })
    .where('key', 'in', keys)
    .where('holder', '=', holder)
    .where('finishedAt', 'is', null)
    .returning('key')
    .execute()
  return rows.map(({ key }) => key)
}

/** `first` and `repeat` are leased to the caller; a repeated call may have happened. */
type Lease = 'first' | 'repeat' | 'finished' | CallUnderWay

/** `holder` is the fencing token of these leases: whoever leases a call next has another one. */
export async function leaseCalls(
  db: Db,
  keys: string[],
  provider: string,
): Promise<{ holder: string; leases: Map<string, Lease> }> {
  const holder = newId()
  const time = now()
  const leasedUntil = leaseEnd(time)
  // One order everywhere, or two batches with the same calls could deadlock.
  const ordered = [...new Set(keys)].sort()
  return inTransaction(db, async (tx) => {
    const inserted = await tx
      .insertInto('outgoingCalls')
      .values(ordered.map((key) => ({ key, provider, startedAt: time, leasedUntil, holder })))
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key')
      .execute()
    const leases = new Map<string, Lease>(inserted.map(({ key }) => [key, 'first']))
    const known = ordered.filter((key) => !leases.has(key))
    if (known.length === 0) return { holder, leases }
    const rows = await tx
      .selectFrom('outgoingCalls')
      .selectAll()
      .where('key', 'in', known)
      .orderBy('key')
      .forUpdate()
      .execute()
    // A row may be gone by now: another process has just deleted it, after a try that did nothing.
    for (const key of known) leases.set(key, new CallUnderWay(key, 50))
    for (const row of rows) leases.set(row.key, leaseOf(row, time))
    const repeated = known.filter((key) => leases.get(key) === 'repeat')
    if (repeated.length > 0) {
      await tx
        .updateTable('outgoingCalls')
        .set((eb) => ({ leasedUntil, holder, tries: eb('tries', '+', 1) }))
        .where('key', 'in', repeated)
        .execute()
    }
    return { holder, leases }
  })
}

function leaseOf(row: { key: string; finishedAt: Date | null; leasedUntil: Date }, time: Date): Lease {
  if (row.finishedAt) return 'finished'
  // One that ends implausibly late was taken before the clock was moved back, and does not count.
  const isPlausible = row.leasedUntil <= addMinutes(time, plausibleMinutes)
  const isHeld = row.leasedUntil > time && isPlausible
  return isHeld ? new CallUnderWay(row.key, row.leasedUntil.getTime() - time.getTime() + 50) : 'repeat'
}

/**
 * Ends the leases of failed calls. Deletes the intent where nothing can have happened; a call that may still
 * arrive is leased for `arrivalMs` more, so that it is not looked up too early.
 */
export async function endLeases(
  db: Db,
  keys: string[],
  holder: string,
  failures: Map<string, unknown>,
  arrivalMs: number,
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
      .where('holder', '=', holder)
      .where('finishedAt', 'is', null)
      .where('tries', '=', 1)
      .execute()
  }
  const unanswered =
    arrivalMs > 0 ? failed((failure) => failure.ambiguous && failure.status === undefined) : []
  for (const [some, ms] of [
    [unanswered, arrivalMs],
    [keys.filter((key) => !unanswered.includes(key)), 0],
  ] as const) {
    if (some.length === 0) continue
    await db
      .updateTable('outgoingCalls')
      .set({ leasedUntil: new Date(now().getTime() + ms) })
      .where('key', 'in', some)
      .where('holder', '=', holder)
      .where('finishedAt', 'is', null)
      .execute()
  }
}
