// What operators see: the newest first, how many of each kind, and whom each is about.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { addOperatorTask } from '../../server/db/operator-tasks.ts'
import { readOperations } from '../../server/journey/operations/read-operations.ts'
import { newId } from '../../server/lib/ids.ts'
import { operatorTaskKinds } from '../../server/lib/operator-task.ts'
import { minuteMs, now, setClockOffset } from '../../server/lib/time.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs
beforeAll(async () => {
  verbs = await openVerbs()
})
afterAll(async () => {
  setClockOffset(0)
  await verbs?.stop()
})

type NewTask = Parameters<typeof addOperatorTask>[1]
const add = (task: Omit<NewTask, 'key' | 'sentence'>) =>
  inTransaction(verbs.db, (tx) => addOperatorTask(tx, { key: newId(), sentence: 'Please look.', ...task }))

test('the newest task comes first, each names whom it is about, and every kind is counted', async () => {
  const { id: memberId } = await newMember(verbs.db, 'Ada Perez')
  const host = await verbs.db
    .selectFrom('hosts')
    .select(['id', 'fullName'])
    .orderBy('fullName')
    .executeTakeFirstOrThrow()
  const purchaseId = newId()
  await verbs.db
    .insertInto('purchases')
    .values({
      id: purchaseId,
      memberId,
      hostId: host.id,
      plan: 'Adhoc',
      terms: '{}',
      amountCents: 1800,
      currency: 'AUD',
      status: 'open',
      createdAt: now(),
    })
    .execute()
  const wanted: Omit<NewTask, 'key' | 'sentence'>[] = [
    { kind: 'setup' },
    { kind: 'payout_failed', hostId: host.id },
    { kind: 'dispute', purchaseId },
    { kind: 'payout_failed', hostId: host.id },
    { kind: 'report', memberId },
  ]
  for (const [minute, task] of wanted.entries()) {
    setClockOffset(minute * minuteMs)
    await add(task)
  }
  const { tasks, waiting } = await readOperations(verbs.db)
  expect(tasks.map(({ kind, memberName, hostName }) => [kind, memberName, hostName])).toEqual([
    ['report', 'Ada Perez', null],
    ['payout_failed', null, host.fullName],
    ['dispute', 'Ada Perez', null],
    ['payout_failed', null, host.fullName],
    ['setup', null, null],
  ])
  expect(waiting).toEqual([
    { kind: 'payout_failed', count: 2 },
    { kind: 'dispute', count: 1 },
    { kind: 'report', count: 1 },
    { kind: 'setup', count: 1 },
  ])
})

test('the database knows every kind of task and no other', async () => {
  for (const kind of operatorTaskKinds) await add({ kind })
  await expect(add({ kind: 'something' as never })).rejects.toThrow('operator_tasks_kind_check')
})
