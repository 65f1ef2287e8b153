// Leases on outgoing calls.
import { NotYet, ProviderError } from '../lib/errors.ts'
import { now } from '../lib/time.ts'
import { type Db, inTransaction } from '../db/client.ts'

/** Another process is making this very call, or crashed in it; come back after `waitMs`. */
export class CallUnderWay extends NotYet {
  readonly waitMs: number
  constructor(key: string, waitMs: number) {
    super(`the call ${key} is under way elsewhere`)
    this.waitMs = waitMs
  }
}

// Longer than any integration waits for one answer, short enough that a crash delays nobody for long; renewed
// while the call is under way, since looking up and calling may take longer together.
const leaseSeconds = 10
export const renewEverySeconds = 4

const leaseEnd = (time: Date) => new Date(time.getTime() + leaseSeconds * 1000)

export async function renewLeases(db: Db, keys: string[]): Promise<void> {
  await db
    .updateTable('outgoingCalls')
    .set({ leasedUntil: leaseEnd(now()) })
    .where('key', 'in', keys)
    .where('finishedAt', 'is', null)
    .execute()
}

type Lease = 'first' | 'repeat' | 'finished' | CallUnderWay

export async function leaseCalls(db: Db, keys: string[], provider: string): Promise<Map<string, Lease>> {
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

/**
 * After failed tries: forget the intent where nothing can have happened, else let the next try look it up,
 * once it can be found.
 */
export async function endLeases(
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
