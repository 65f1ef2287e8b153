// Erasing a host: not before the earnings are paid, once however many try, and again where a service failed.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHosts } from '../../server/journey/hosts/read-hosts.ts'
import { endObligations } from '../../server/journey/privacy/end-obligations.ts'
import { eraseCopies } from '../../server/journey/privacy/erase-copies.ts'
import { erasePerson } from '../../server/journey/privacy/erase-person.ts'
import { findDeletions } from '../../server/journey/privacy/find-deletions.ts'
import { startDeletion } from '../../server/journey/privacy/start-deletion.ts'
import { writeRecords } from '../../server/journey/records/write-records.ts'
import { newId } from '../../server/lib/ids.ts'
import { addDays, addHours, now } from '../../server/lib/time.ts'
import { rowOf, rowsOf } from '../../world/outside.ts'
import { findEverywhere } from '../people/evidence.ts'
import {
  complete,
  fault,
  type Money,
  openMoney,
  paid,
  runJobs,
  schedule,
  stripe,
} from '../people/money-world.ts'
import { newMember } from '../people/verbs.ts'

let money: Money
let deletionId: string
let number: string
const fullName = 'Ruby Tamihana'

beforeAll(async () => {
  money = await openMoney()
  const host = await money.db
    .selectFrom('hosts')
    .select('mobileNumber')
    .where('id', '=', money.hostId)
    .executeTakeFirstOrThrow()
  number = host.mobileNumber!
  const personId = newId()
  const time = now()
  await money.db
    .insertInto('people')
    .values({
      id: personId,
      name: '',
      email: `${number.slice(1)}@people.presence.invalid`,
      emailVerified: false,
      mobileNumber: number,
      createdAt: time,
      updatedAt: time,
    })
    .execute()
  const { bookingIds } = await paid(money)
  await complete(money, bookingIds[0]!)
  await schedule(money, (await paid(money)).bookingIds[0]!)
  await startDeletion(money.ctx, {
    personId,
    mobileNumber: number,
    member: null,
    host: { id: money.hostId, fullName },
    isOperator: false,
    newHost: null,
    signIn: { id: newId(), expiresAt: addHours(time, 1) },
  })
  const deletion = await money.db.selectFrom('deletions').select('id').executeTakeFirstOrThrow()
  deletionId = deletion.id
})
afterAll(() => money?.stop())

const isErased = async () => {
  const { erasedAt } = await money.db
    .selectFrom('hosts')
    .select('erasedAt')
    .where('id', '=', money.hostId)
    .executeTakeFirstOrThrow()
  return erasedAt !== null
}
const tasksOf = () =>
  money.db
    .selectFrom('operatorTasks')
    .select(['sentence', 'resolvedAt'])
    .where('key', '=', `deletion:${deletionId}`)
    .execute()

test('sessions ahead end by the usual rules, and the members have theirs again', async () => {
  expect((await findDeletions(money.db)).obliged).toEqual([{ deletionId }])
  await endObligations(money.ctx, deletionId)
  await endObligations(money.ctx, deletionId)
  const ahead = await money.db.selectFrom('bookings').select('id').where('state', '=', 'created').execute()
  expect(ahead).toEqual([])
  expect((await findDeletions(money.db)).obliged).toEqual([])
})

test('whoever leaves is not reminded of anything, and hears of what is cancelled', async () => {
  for (const template of ['Session Reminder', 'Session Cancelled'])
    await money.db
      .insertInto('messages')
      .values({
        id: newId(),
        key: `test:${template}`,
        template,
        recipient: 'host',
        mobileNumber: number,
        body: 'A text',
        status: 'waiting',
        usefulUntil: addHours(now(), 1),
        createdAt: now(),
      })
      .execute()
  const texts = await money.db
    .selectFrom('messages')
    .select(['template', 'status'])
    .where('key', 'like', 'test:%')
    .orderBy('template')
    .execute()
  expect(texts).toEqual([
    { template: 'Session Cancelled', status: 'waiting' },
    { template: 'Session Reminder', status: 'dropped' },
  ])
})

test('nobody is erased before the day, nor while their share is not paid; an operator hears why', async () => {
  await erasePerson(money.ctx, deletionId)
  expect(await isErased()).toBe(false)
  await money.db
    .updateTable('deletions')
    .set({ askedAt: addDays(now(), -15), dueAt: addDays(now(), -1) })
    .execute()
  expect((await findDeletions(money.db)).due).toEqual([{ deletionId }])
  await erasePerson(money.ctx, deletionId)
  expect(await isErased()).toBe(false)
  expect(await tasksOf()).toMatchObject([
    { sentence: expect.stringContaining('has not been paid out'), resolvedAt: null },
  ])
})

test('several processes erase once, and of the host only the money is left', async () => {
  expect(await runJobs(money)).toEqual([])
  await Promise.all([1, 2, 3].map(() => erasePerson(money.ctx, deletionId)))
  expect(await isErased()).toBe(true)
  expect(await tasksOf()).toMatchObject([{ resolvedAt: expect.any(Date) }])
  expect(await findEverywhere(money.presence.databaseUrl, [fullName, 'Tamihana', number.slice(1)])).toEqual(
    [],
  )
  const { paidAt } = await money.db
    .selectFrom('payouts')
    .select('paidAt')
    .where('hostId', '=', money.hostId)
    .executeTakeFirstOrThrow()
  expect(paidAt).not.toBeNull()
  // Their row is still in Airtable, and is not read back.
  await readHosts(money.ctx)
  expect(await money.db.selectFrom('quarantine').select('key').execute()).toEqual([])
  expect(await isErased()).toBe(true)
  expect(await findEverywhere(money.presence.databaseUrl, ['Tamihana'])).toEqual([])
})

test('a copy whose erasure was not answered waits alone and is erased later, each recorded once', async () => {
  await fault(money, { operation: 'accounts.delete', kind: 'error_after', status: 500, times: 2 })
  await eraseCopies(money.ctx, deletionId)
  const copies = () =>
    money.db.selectFrom('erasures').select(['service', 'status']).orderBy('service').execute()
  expect(await copies()).toEqual([
    { service: 'airtable_host', status: 'done' },
    { service: 'stripe_account', status: 'waiting' },
  ])
  expect((await rowsOf(money.presence, 'Hosts')).map(({ fields }) => fields['Full Name'])).not.toContain(
    fullName,
  )
  await money.db.deleteFrom('quarantine').execute()
  await eraseCopies(money.ctx, deletionId)
  await eraseCopies(money.ctx, deletionId)
  expect((await copies()).map(({ status }) => status)).toEqual(['done', 'done'])
  expect((await findDeletions(money.db)).copied).toEqual([])
  const { data: accounts } = await stripe(money).accounts.list({ limit: 100 })
  expect(accounts.map(({ id }) => id)).not.toContain(money.accountId)
})

test('the rows of sessions in Airtable name a former host, without a link to the row that is gone', async () => {
  await writeRecords(money.ctx)
  const { id } = await money.db
    .selectFrom('bookings')
    .select('id')
    .where('state', '=', 'completed')
    .executeTakeFirstOrThrow()
  const row = await rowOf(money.presence, 'Presence Operations', id)
  expect(row?.fields).toMatchObject({ 'Host Name': 'A former host' })
  expect(row?.fields).not.toHaveProperty('Linked Host')
})

test('the fingerprint of a former member who is kept apart goes with the last block', async () => {
  const { id } = await newMember(money.db)
  const block = { id: newId(), hostId: money.hostId, memberId: id, setBy: 'host' as const, createdAt: now() }
  await money.db.insertInto('blocks').values(block).execute()
  await money.db
    .updateTable('members')
    .set({ mobileNumber: null, erasedAt: now(), keptApartAs: 'a fingerprint' })
    .where('id', '=', id)
    .execute()
  const fingerprint = async () =>
    (
      await money.db
        .selectFrom('members')
        .select('keptApartAs')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).keptApartAs
  expect(await fingerprint()).toBe('a fingerprint')
  await money.db
    .updateTable('blocks')
    .set({ liftedAt: now(), liftedBy: 'an operator', liftReason: 'both asked' })
    .where('id', '=', block.id)
    .execute()
  expect(await fingerprint()).toBeNull()
})
