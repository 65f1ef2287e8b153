// Text messages against the sandbox: who has stopped them, what Twilio stores differently, and reports.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSms, sendSms } from '../../server/integrations/twilio.ts'
import { tasks } from '../../server/jobs/tasks.ts'
import type { Context } from '../../server/journey/context.ts'
import { documents } from '../../server/journey/members/consent.ts'
import { findStopped } from '../../server/journey/members/find-stopped.ts'
import { recordOptOut } from '../../server/journey/members/record-opt-out.ts'
import { newId } from '../../server/lib/ids.ts'
import { addMinutes, now } from '../../server/lib/time.ts'
import { smsOf } from '../people/evidence.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs
beforeAll(async () => {
  verbs = await openVerbs()
})
afterAll(() => verbs?.stop())

type Member = { id: string; mobileNumber: string }

/** How the SMS of one job ended. */
async function sent(member: Member, template = 'Welcome', ctx: Context = verbs.ctx) {
  const key = newId()
  await tasks['send-message'](ctx, {
    key,
    template,
    recipient: 'member',
    memberId: member.id,
    usefulUntil: addMinutes(now(), 60).toISOString(),
  })
  const { status, failure } = await verbs.db
    .selectFrom('messages')
    .select(['status', 'failure'])
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return { status, failure }
}

const isKnown = async ({ mobileNumber }: Member) =>
  (await findStopped(verbs.db, [mobileNumber])).has(mobileNumber)

const openTasks = () =>
  verbs.db
    .selectFrom('operatorTasks')
    .select(['key', 'kind', 'memberId'])
    .where('resolvedAt', 'is', null)
    .execute()

test('a member who texts STOP gets nothing until START, and operators hear of it', async () => {
  const member = await newMember(verbs.db)
  const text = (Body: string) => recordOptOut(verbs.db, { From: member.mobileNumber, Body })
  await text('Stop')
  await text('STOP')
  expect(await sent(member)).toEqual({ status: 'failed', failure: '21610' })
  expect(await smsOf(verbs.presence, member.mobileNumber), 'Twilio was not asked').toEqual([])
  expect((await openTasks()).filter(({ memberId }) => memberId === member.id)).toHaveLength(1)
  await text('please stop by')
  expect(await isKnown(member)).toBe(true)
  await text('start')
  expect(await isKnown(member)).toBe(false)
  expect((await openTasks()).filter(({ memberId }) => memberId === member.id)).toEqual([])
  expect(await sent(member)).toMatchObject({ status: 'sent' })
})

test('a number that Twilio refuses is known as stopped until Twilio takes it again', async () => {
  const member = await newMember(verbs.db)
  const { store } = verbs.presence.sandbox.ctx
  store.put('twilio.optout', member.mobileNumber, { number: member.mobileNumber })
  expect(await sent(member)).toEqual({ status: 'failed', failure: '21610' })
  expect(await isKnown(member)).toBe(true)
  store.delete('twilio.optout', member.mobileNumber)
  expect(await sent(member)).toMatchObject({ status: 'sent' })
  expect(await isKnown(member)).toBe(false)
})

test('an SMS is found again whatever Twilio made of its quotes and dashes', async () => {
  const { mobileNumber: to } = await newMember(verbs.db)
  const body = 'It\u2019s on \u2013 see you\u2026'
  const { sid } = await sendSms(verbs.ctx.twilio, { to, body, statusCallbackUrl: callbackUrl() })
  const since = addMinutes(now(), -1)
  expect((await smsOf(verbs.presence, to))[0]!.body, 'stored otherwise').not.toBe(body)
  expect(await findSms(verbs.ctx.twilio, to, body, since)).toMatchObject({ sid })
  expect(await findSms(verbs.ctx.twilio, to, 'Another text', since)).toBeUndefined()
  expect(await findSms(verbs.ctx.twilio, to, body, since, [sid])).toBeUndefined()
})

const callbackUrl = () => `${verbs.ctx.config.publicUrl}/functions/v1/twilio-status`

test('an address that is not public costs the reports, not the SMS, and makes one task', async () => {
  const ctx: Context = {
    ...verbs.ctx,
    config: { ...verbs.ctx.config, publicUrl: 'http://10.0.0.7:3000' },
    twilio: { ...verbs.ctx.twilio },
  }
  for (let times = 0; times < 2; times++)
    expect(await sent(await newMember(verbs.db), 'Welcome', ctx)).toMatchObject({ status: 'sent' })
  expect((await openTasks()).filter(({ kind }) => kind === 'setup')).toEqual([
    expect.objectContaining({ key: 'refused:twilio:callback' }),
  ])
})

test('news and offers say who writes and how to stop them', async () => {
  const member = await newMember(verbs.db)
  await verbs.db
    .insertInto('consents')
    .values({
      memberId: member.id,
      document: 'marketing',
      version: documents.marketing.version,
      createdAt: now(),
    })
    .execute()
  await sent(member, 'Holiday Message')
  const [sms] = await smsOf(verbs.presence, member.mobileNumber)
  expect(sms!.body).toMatch(/Presence.*Text STOP to opt out\.$/s)
})
