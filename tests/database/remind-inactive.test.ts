// The reminder of an unused purchase: planned with the payment, decided when it is due, and sent once.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inTransaction } from '../../server/db/client.ts'
import { recordOptOut, recordStopped } from '../../server/journey/members/record-opt-out.ts'
import { readTemplates } from '../../server/journey/messages/read-templates.ts'
import { sendMessage } from '../../server/journey/messages/send-messages.ts'
import { tasks } from '../../server/jobs/tasks.ts'
import type { MessageJob } from '../../server/db/jobs.ts'
import { addHours, clockOffsetMs, hourMs, minuteMs, now, setClockOffset } from '../../server/lib/time.ts'
import { query, smsOf } from '../people/evidence.ts'
import { complete, type Money, openMoney, paid, schedule } from '../people/money-world.ts'
import { newMember } from '../people/verbs.ts'

let money: Money
let mobileNumber: string
const realOffsetMs = clockOffsetMs()

beforeAll(async () => {
  money = await openMoney()
  await readTemplates(money.ctx)
})
beforeEach(async () => {
  setClockOffset(realOffsetMs)
  const member = await newMember(money.db)
  // A zone where it is noon, so that it is daytime for them whenever the test runs.
  const eastOfUtc = 12 - new Date().getUTCHours()
  await money.db
    .updateTable('members')
    .set({ timeZone: `Etc/GMT${eastOfUtc > 0 ? '-' : '+'}${Math.abs(eastOfUtc)}` })
    .where('id', '=', member.id)
    .execute()
  money.memberId = member.id
  mobileNumber = member.mobileNumber
})
afterAll(async () => {
  setClockOffset(realOffsetMs)
  await money?.stop()
})

const laterBy = (hours: number) => setClockOffset(clockOffsetMs() + hours * hourMs)
const remind = (purchaseId: string) => tasks['remind-inactive'](money.ctx, { purchaseId })

type Job = { name: string; at: Date; data: MessageJob }

/** The waiting jobs about this purchase, of the two kinds that matter here. */
async function planned(purchaseId: string): Promise<{ looks: Date[]; messages: MessageJob[] }> {
  const rows = await query<Job>(
    money.presence.databaseUrl,
    `
    select name, start_after as at, data from pgboss.job where data ->> 'purchaseId' = $1
      and (name = 'remind-inactive' or data ->> 'template' = 'Inactive 48h Reminder') order by start_after`,
    [purchaseId],
  )
  const of = (name: string) => rows.filter((row) => row.name === name)
  return {
    looks: of('remind-inactive').map(({ at }) => at),
    messages: of('send-message').map(({ data }) => data),
  }
}

const said = (what: 'STOP' | 'START') => recordOptOut(money.db, { From: mobileNumber, Body: what })

test('a reminder goes out once, 48 hours after the payment', async () => {
  const { purchaseId } = await paid(money, 'Weekly')
  const { looks } = await planned(purchaseId)
  expect(looks).toHaveLength(1)
  expect(Math.abs(looks[0]!.getTime() - addHours(now(), 48).getTime())).toBeLessThan(minuteMs)
  laterBy(49.1)
  for (let times = 0; times < 3; times++) await remind(purchaseId)
  const { messages } = await planned(purchaseId)
  expect(new Set(messages.map(({ key }) => key)).size).toBe(1)
  for (const message of messages) await sendMessage(money.ctx, message)
  const sent = await smsOf(money.presence, mobileNumber)
  expect(sent.map(({ body }) => body)).toEqual([expect.stringMatching(/^Hello Sam, how are you today\?/)])
})

test('a member who was active or has a session ahead gets no reminder for now', async () => {
  const { purchaseId, bookingIds } = await paid(money)
  laterBy(49.1)
  await money.db
    .updateTable('members')
    .set({ lastActiveAt: addHours(now(), -2) })
    .where('id', '=', money.memberId)
    .execute()
  await remind(purchaseId)
  expect(await planned(purchaseId)).toMatchObject({
    looks: [expect.any(Date), expect.any(Date)],
    messages: [],
  })
  laterBy(48)
  await schedule(money, bookingIds[0]!)
  await remind(purchaseId)
  expect(await planned(purchaseId)).toMatchObject({
    looks: [expect.any(Date), expect.any(Date), expect.any(Date)],
    messages: [],
  })
})

test('a session ahead of any purchase counts; the newer of two unused purchases comes first', async () => {
  const first = await paid(money)
  const second = await paid(money)
  laterBy(49.1)
  await remind(first.purchaseId)
  expect((await planned(first.purchaseId)).messages).toEqual([])
  await schedule(money, second.bookingIds[0]!)
  await remind(first.purchaseId)
  expect((await planned(first.purchaseId)).messages).toEqual([])
})

test('no reminder is sent about a purchase that is used up, refunded or about to expire', async () => {
  const ending = await paid(money, 'Weekly')
  const used = await paid(money)
  await complete(money, used.bookingIds[0]!)
  laterBy(49.1)
  await remind(used.purchaseId)
  expect(await planned(used.purchaseId)).toMatchObject({ looks: [expect.any(Date)], messages: [] })
  laterBy(4.5 * 24)
  await remind(ending.purchaseId)
  expect(await planned(ending.purchaseId)).toMatchObject({ looks: [expect.any(Date)], messages: [] })
})

test('a member who texted STOP is not reminded until they text START', async () => {
  const { purchaseId } = await paid(money)
  laterBy(49.1)
  await inTransaction(money.db, (tx) => recordStopped(tx, mobileNumber, { byWord: false }))
  await remind(purchaseId)
  expect((await planned(purchaseId)).messages).toEqual([])
  await said('START')
  laterBy(0.1)
  await said('STOP')
  await remind(purchaseId)
  expect((await planned(purchaseId)).messages).toEqual([])
  laterBy(0.1)
  await said('START')
  await remind(purchaseId)
  expect((await planned(purchaseId)).messages).toHaveLength(1)
})
