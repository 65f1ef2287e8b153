import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { MessageJob } from '../../server/db/jobs.ts'
import { sendMessage } from '../../server/journey/messages/send-messages.ts'
import { addMinutes, now } from '../../server/lib/time.ts'
import { smsOf } from '../people/evidence.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'
import { clearFaults, injectFault } from './sandbox.ts'

let verbs: Verbs

beforeAll(async () => {
  verbs = await openVerbs()
})

afterEach(() => clearFaults(verbs.presence))
afterAll(() => verbs?.stop())

/** A welcome SMS whose only try met `kind` at Twilio, and whose useful time is over. */
async function lostWelcome(
  kind: 'error_before' | 'error_after',
): Promise<{ job: MessageJob; mobileNumber: string }> {
  const { id, mobileNumber } = await newMember(verbs.db)
  const job: MessageJob = {
    key: `welcome:${id}`,
    template: 'Welcome',
    recipient: 'member',
    memberId: id,
    usefulUntil: addMinutes(now(), 5).toISOString(),
  }
  await injectFault(verbs.presence, { provider: 'twilio', operation: 'messages.create', kind, times: 1 })
  await expect(sendMessage(verbs.ctx, job)).rejects.toMatchObject({ ambiguous: true })
  return { job: { ...job, usefulUntil: addMinutes(now(), -1).toISOString() }, mobileNumber }
}

const messageOf = ({ key }: MessageJob) =>
  verbs.db.selectFrom('messages').select(['status', 'twilioSid']).where('key', '=', key).executeTakeFirst()
const openCalls = () =>
  verbs.db.selectFrom('outgoingCalls').select('key').where('finishedAt', 'is', null).execute()

test('an SMS that was sent without an answer counts as sent, even after its useful time', async () => {
  const { job, mobileNumber } = await lostWelcome('error_after')
  await sendMessage(verbs.ctx, job)
  const sent = await smsOf(verbs.presence, mobileNumber)
  expect(await messageOf(job)).toEqual({ status: 'sent', twilioSid: sent[0]!.sid })
  expect(sent).toHaveLength(1)
  expect(await openCalls()).toEqual([])
})

test('an SMS not sent within its useful time is dropped, and its try is closed', async () => {
  const { job, mobileNumber } = await lostWelcome('error_before')
  await sendMessage(verbs.ctx, job)
  expect(await messageOf(job)).toEqual({ status: 'dropped', twilioSid: null })
  expect(await smsOf(verbs.presence, mobileNumber)).toEqual([])
  expect(await openCalls()).toEqual([])
})

test('an SMS refused for good after a lost answer has failed, and its try is closed', async () => {
  const { job } = await lostWelcome('error_before')
  await injectFault(verbs.presence, {
    provider: 'twilio',
    operation: 'messages.create',
    kind: 'error_before',
    times: 1,
    status: 400,
  })
  await sendMessage(verbs.ctx, { ...job, usefulUntil: addMinutes(now(), 5).toISOString() })
  expect(await messageOf(job)).toMatchObject({ status: 'failed' })
  expect(await openCalls()).toEqual([])
})
