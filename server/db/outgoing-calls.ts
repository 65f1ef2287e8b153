// Calls to services without idempotency keys, done once: the intent is recorded before the call and the result after
// it. A call that began and left no result may have happened, so it is looked up before it is repeated.
import { now } from '../lib/time.ts'
import { breakPoint } from '../lib/break-point.ts'
import { NotYet, ProviderError } from '../lib/errors.ts'
import { type Db, inTransaction, type Tx } from './client.ts'

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

// Longer than any integration waits for one answer, short enough that a crash delays nobody for long; renewed while
// the call is under way, since looking up and calling may take longer together.
const leaseSeconds = 10
const renewEverySeconds = 4

/**
 * Makes the call once over any number of tries, crashes and processes. Returns its result, or undefined where an
 * earlier try had already recorded it. Throws CallUnderWay, or what `make` threw.
 */
export async function callOnce<Result>(db: Db, call: Call<Result>): Promise<Result | undefined> {
  const claim = await claimCall(db, call.key, call.provider)
  if (claim === 'finished') return undefined
  const kind = call.key.split(':', 1)[0]
  const renewing = setInterval(() => void renewLease(db, call.key).catch(() => undefined), renewEverySeconds * 1000)
  try {
    breakPoint(`before-call:${kind}`)
    const found = claim === 'repeat' ? await call.lookUp() : undefined
    const result = found ?? (await call.make())
    breakPoint(`after-call:${kind}`)
    await inTransaction(db, async (tx) => {
      const finished = await tx
        .updateTable('outgoingCalls')
        .set({ finishedAt: now(), result: JSON.stringify(result ?? null) })
        .where('key', '=', call.key)
        .where('finishedAt', 'is', null)
        .executeTakeFirst()
      if (finished.numUpdatedRows === 1n) await call.record(tx, result)
    })
    breakPoint(`after-record:${kind}`)
    return result
  } catch (error) {
    clearInterval(renewing)
    await endLease(db, call.key, error instanceof ProviderError && !error.ambiguous)
    throw error
  } finally {
    clearInterval(renewing)
  }
}

const leaseEnd = (time: Date) => new Date(time.getTime() + leaseSeconds * 1000)

async function renewLease(db: Db, key: string): Promise<void> {
  await db.updateTable('outgoingCalls').set({ leasedUntil: leaseEnd(now()) }).where('key', '=', key).where('finishedAt', 'is', null).execute()
}

type Claim = 'first' | 'repeat' | 'finished'

async function claimCall(db: Db, key: string, provider: string): Promise<Claim> {
  const time = now()
  const leasedUntil = leaseEnd(time)
  return inTransaction(db, async (tx) => {
    const inserted = await tx
      .insertInto('outgoingCalls')
      .values({ key, provider, startedAt: time, leasedUntil })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .executeTakeFirst()
    if (inserted.numInsertedOrUpdatedRows === 1n) return 'first'
    const row = await tx.selectFrom('outgoingCalls').selectAll().where('key', '=', key).forUpdate().executeTakeFirstOrThrow()
    if (row.finishedAt) return 'finished'
    // A lease far ahead was given before the clock was moved back; it protects nobody.
    if (row.leasedUntil > time && row.leasedUntil <= leasedUntil) throw new CallUnderWay(key, row.leasedUntil.getTime() - time.getTime() + 50)
    await tx.updateTable('outgoingCalls').set({ leasedUntil, tries: row.tries + 1 }).where('key', '=', key).execute()
    return 'repeat'
  })
}

/** Closes a call that is not tried again: what it did was dealt with, or it was refused. */
export async function endCall(db: Db | Tx, key: string): Promise<void> {
  await db.updateTable('outgoingCalls').set({ finishedAt: now() }).where('key', '=', key).where('finishedAt', 'is', null).execute()
}

/** After a failed try: forget the intent where nothing can have happened, else let the next try look it up at once. */
async function endLease(db: Db, key: string, nothingHappened: boolean): Promise<void> {
  if (nothingHappened) {
    await db.deleteFrom('outgoingCalls').where('key', '=', key).where('finishedAt', 'is', null).where('tries', '=', 1).execute()
  }
  await db
    .updateTable('outgoingCalls')
    .set({ leasedUntil: now() })
    .where('key', '=', key)
    .where('finishedAt', 'is', null)
    .execute()
}
