import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { enqueue, enqueueAll, type MessageJob } from '../../server/db/jobs.ts'
import { CallUnderWay } from '../../server/calls/lease.ts'
import { handleDeliveries } from '../../server/jobs/handle-deliveries.ts'
import { resumeAll } from '../../server/db/resume-jobs.ts'
import { runAll } from '../../server/jobs/work.ts'
import { sendMessages } from '../../server/journey/messages/send-messages.ts'
import { newId } from '../../server/lib/ids.ts'
import { addMinutes, clockOffsetMs, now, setClockOffset } from '../../server/lib/time.ts'
import { query, smsOf } from '../people/evidence.ts'
import { clearFaults, injectFault } from '../faults/sandbox.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs

beforeAll(async () => {
  verbs = await openVerbs()
})

afterEach(() => clearFaults(verbs.presence))
afterAll(() => verbs?.stop())

async function welcome(usefulForMinutes = 5): Promise<{ job: MessageJob; mobileNumber: string; id: string }> {
  const { id, mobileNumber } = await newMember(verbs.db)
  return {
    id,
    mobileNumber,
    job: {
      key: `welcome:${id}`,
      template: 'Welcome',
      recipient: 'member',
      memberId: id,
      usefulUntil: addMinutes(now(), usefulForMinutes).toISOString(),
    },
  }
}

const rowsOf = (jobs: MessageJob[]) =>
  verbs.db
    .selectFrom('messages')
    .select(['id', 'key', 'status', 'twilioSid'])
    .where(
      'key',
      'in',
      jobs.map(({ key }) => key),
    )
    .execute()

test('each of many SMS sent together arrives once, whatever becomes of the others', async () => {
  const people = await Promise.all(Array.from({ length: 40 }, () => welcome()))
  const late = await welcome(-1)
  const gone = await welcome()
  const unreachable = await welcome()
  await verbs.db
    .updateTable('members')
    .set({ mobileNumber: '+15005550002' })
    .where('id', '=', unreachable.id)
    .execute()
  const jobs = [...people, late, unreachable, { job: { ...gone.job, memberId: newId() } }].map(
    ({ job }) => job,
  )
  const outcomes = await sendMessages(verbs.ctx, [...jobs, ...jobs.slice(0, 3)])
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['fulfilled']))
  await sendMessages(verbs.ctx, jobs)
  for (const { mobileNumber } of people) expect(await smsOf(verbs.presence, mobileNumber)).toHaveLength(1)
  const status = new Map((await rowsOf(jobs)).map((row) => [row.key, row.status]))
  expect(people.map(({ job }) => status.get(job.key))).toEqual(people.map(() => 'sent'))
  expect([status.get(late.job.key), status.get(unreachable.job.key), status.get(gone.job.key)]).toEqual([
    'dropped',
    'failed',
    undefined,
  ])
  expect(
    await verbs.db.selectFrom('outgoingCalls').select('key').where('finishedAt', 'is', null).execute(),
  ).toEqual([])
})

async function told(twilioSid: string, status: string): Promise<string> {
  const id = newId()
  const payload = JSON.stringify({
    MessageSid: twilioSid,
    MessageStatus: status,
    ...(status === 'undelivered' ? { ErrorCode: '30006' } : {}),
  })
  await verbs.db
    .insertInto('webhookEvents')
    .values({
      id,
      provider: 'twilio',
      eventId: `${twilioSid}:${status}:${id}`,
      type: 'status',
      payload,
      receivedAt: now(),
    })
    .execute()
  return id
}

test('delivery reports are recorded together, and one that came before its SMS is retried', async () => {
  const [one, other, unknown] = [await welcome(), await welcome(), await welcome()]
  await sendMessages(verbs.ctx, [one.job, other.job])
  const rows = await rowsOf([one.job, other.job])
  const sidOf = ({ job }: { job: MessageJob }) => rows.find(({ key }) => key === job.key)!.twilioSid!
  await verbs.db
    .insertInto('messages')
    .values({
      id: newId(),
      key: unknown.job.key,
      template: 'Welcome',
      recipient: 'member',
      mobileNumber: unknown.mobileNumber,
      body: 'Hello',
      status: 'waiting',
      usefulUntil: addMinutes(now(), 5),
      createdAt: now(),
    })
    .execute()
  const events = [
    await told(sidOf(one), 'delivered'),
    await told(sidOf(one), 'sent'),
    await told(sidOf(one), 'failed'),
    await told(sidOf(other), 'undelivered'),
    await told('SM00000000000000000000000000000000', 'delivered'),
  ]
  const outcomes = await handleDeliveries(verbs.ctx, events)
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
  ])
  const reached = new Map((await rowsOf([one.job, other.job])).map((row) => [row.key, row.status]))
  expect([reached.get(one.job.key), reached.get(other.job.key)]).toEqual(['delivered', 'undelivered'])
  const unhandled = await verbs.db
    .selectFrom('webhookEvents')
    .select('id')
    .where('handledAt', 'is', null)
    .execute()
  expect(unhandled).toEqual([{ id: events[4] }])
})

test('a job that waits, runs or is retried is not enqueued twice', async () => {
  const [waits, runs, ended, missing] = [newId(), newId(), newId(), newId()] as [
    string,
    string,
    string,
    string,
  ]
  await inTransaction(verbs.db, async (tx) => {
    for (const bookingId of [waits, runs, ended]) await enqueue(tx, 'pay-host', { bookingId })
  })
  const set = (bookingId: string, state: string) =>
    query(
      verbs.presence.databaseUrl,
      `update pgboss.job set state = $2::pgboss.job_state where data ->> 'bookingId' = $1`,
      [bookingId, state],
    )
  await set(runs, 'active')
  await set(ended, 'completed')
  for (let times = 0; times < 2; times++) {
    await inTransaction(verbs.db, (tx) =>
      resumeAll(
        tx,
        'pay-host',
        [waits, runs, ended, missing].map((bookingId) => ({ bookingId })),
      ),
    )
  }
  const open = await query<{ id: string }>(
    verbs.presence.databaseUrl,
    `select data ->> 'bookingId' as id from pgboss.job where name = 'pay-host' and state in ('created', 'active')`,
  )
  expect(open.map(({ id }) => id).sort()).toEqual([waits, runs, ended, missing].sort())
})

test('a failing job of a batch does not stop the others', async () => {
  const [fine, other] = [await welcome(), await welcome()]
  // Not an id: the database refuses to look for it, so the whole batch fails.
  const broken: MessageJob = { ...(await welcome()).job, memberId: 'nobody' }
  const outcomes = await runAll(verbs.ctx, 'send-message', [fine.job, broken, other.job])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  for (const { mobileNumber } of [fine, other])
    expect(await smsOf(verbs.presence, mobileNumber)).toHaveLength(1)
})

test('a receipt is sent before thousands of reminders that wait', async () => {
  const reminders = await Promise.all(Array.from({ length: 3 }, () => welcome()))
  const paid = await welcome()
  await inTransaction(verbs.db, (tx) =>
    enqueueAll(
      tx,
      'send-message',
      reminders.map(({ job }) => job),
      { isPatient: true },
    ),
  )
  await inTransaction(verbs.db, (tx) => enqueue(tx, 'send-message', paid.job))
  const [first] = await verbs.boss.fetch<MessageJob>('send-message')
  expect(first?.data.key).toBe(paid.job.key)
})

test('sending and looking up SMS slow down where Twilio refuses, fails or is silent', async () => {
  const wait = vi.fn(async () => undefined)
  const adapt = vi.fn(async () => undefined)
  const ctx = { ...verbs.ctx, twilio: { ...verbs.ctx.twilio, smsRate: { wait, adapt } } }
  const people = await Promise.all([welcome(), welcome()])
  const jobs = people.map(({ job }) => job)
  for (const kind of ['rate_limit', 'error_after'] as const) {
    await injectFault(verbs.presence, { provider: 'twilio', operation: 'messages.create', kind, times: 1 })
    await sendMessages(ctx, jobs)
    expect(adapt.mock.lastCall, kind).toEqual([true])
  }
  wait.mockClear()
  expect((await sendMessages(ctx, jobs)).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  expect(wait.mock.calls, 'one to send, then two to look').toEqual([[1], [2]])
  for (const { mobileNumber } of people) expect(await smsOf(verbs.presence, mobileNumber)).toHaveLength(1)
})

test('an SMS without an answer is looked up and sent again only when it would have arrived', async () => {
  const { job, mobileNumber } = await welcome()
  await injectFault(verbs.presence, {
    provider: 'twilio',
    operation: 'messages.create',
    kind: 'timeout_after',
    times: 1,
  })
  expect((await sendMessages(verbs.ctx, [job]))[0]).toMatchObject({
    status: 'rejected',
    reason: { ambiguous: true, status: undefined },
  })
  const [early] = await sendMessages(verbs.ctx, [job])
  expect(early?.status === 'rejected' && early.reason).toBeInstanceOf(CallUnderWay)
  setClockOffset(clockOffsetMs() + 9_000)
  expect((await sendMessages(verbs.ctx, [job]))[0]?.status).toBe('fulfilled')
  setClockOffset(clockOffsetMs() - 9_000)
  expect(await smsOf(verbs.presence, mobileNumber)).toHaveLength(1)
})
