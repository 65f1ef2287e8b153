// A refusal that is about us becomes one task of each service and cause, also when a person's click caused it.
import { type Db, inTransaction, type Tx } from '../db/client.ts'
import { reopenOperatorTask } from '../db/operator-tasks.ts'
import type { Failure } from '../integrations/failure-log.ts'
import { ourFault } from '../integrations/our-fault.ts'
import { now } from '../lib/time.ts'

type NewTask = { key: string; kind: 'setup'; sentence: string }

/** The key of the task about one service and cause. The connections' checks use the same. */
export const faultKey = (provider: string, cause: string) => `refused:${provider}:${cause}`

/** The key of the task about a host's own Cal.com. */
export const hostFaultKey = (hostId: string) => `calcom_setup:${hostId}`

export const keyRefused = 'Cal.com does not accept the key any more. Connect Cal.com again with a new key.'

/** A key that its host revoked is no fault of ours: the host reads it on the page Hours. */
async function tellHost(tx: Tx, hostId: string, task: NewTask): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('calcomConnections')
    .set({ problems: [keyRefused], checkedAt: now() })
    .where('hostId', '=', hostId)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return
  const sentence = `The key of a host's own Cal.com is refused. The host was told: ${keyRefused}`
  await reopenOperatorTask(tx, { ...task, hostId, sentence })
}

/** A process looks at the task of a cause at most once a minute, however many calls are refused. */
const againAfterMs = 60_000

/** Adds the task of each failure that is about us, or opens it again. Never throws, never waits. */
export function tellOperators(db: Db): (failure: Failure) => void {
  const told = new Map<string, number>()
  return (failure) => {
    if (failure.isExpected || failure.status === undefined) return
    const found = ourFault(failure)
    if (!found) return
    const { hostId } = failure
    const key = hostId ? hostFaultKey(hostId) : faultKey(failure.provider, found.cause)
    const time = now().getTime()
    if (Math.abs(time - (told.get(key) ?? -Infinity)) < againAfterMs) return
    told.set(key, time)
    const task = { key, kind: 'setup' as const, sentence: found.sentence }
    inTransaction(db, (tx) => (hostId ? tellHost(tx, hostId, task) : reopenOperatorTask(tx, task))).catch(
      (error: unknown) => {
        told.delete(key)
        console.warn(
          `The task ${key} could not be added: ${error instanceof Error ? error.message : String(error)}`,
        )
      },
    )
  }
}
