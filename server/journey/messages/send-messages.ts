// One SMS for each event and recipient: its row is written first, the SMS is sent once, and one that is no
// longer true or useful is dropped. Many at a time, since ten thousand sessions begin at full hours.
import { sql } from 'kysely'
import { inTransaction, type Tx } from '../../db/client.ts'
import type { MessageJob } from '../../db/jobs.ts'
import { callAllOnce, endCall } from '../../calls/call-once.ts'
import { recordsChanged } from '../../db/record-changes.ts'
import { findSms, sendSms, type SentMessage } from '../../integrations/twilio.ts'
import { ProviderError } from '../../lib/errors.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { findBlocked } from '../members/find-blocked.ts'
import { findStopped } from '../members/find-stopped.ts'
import { stoppedCode } from '../members/opt-out.ts'
import { recordStarted, recordStopped } from '../members/record-opt-out.ts'
import { mayBeSentApart } from './message.ts'
import { type PreparedMessage, prepareMessages } from './prepare-messages.ts'

/** How many are sent concurrently and recorded together: after a crash at most these have to be looked up. */
const atOnce = 16
/** An SMS not answered within eight seconds may still be queued at Twilio, where no list shows it yet. */
const doubtMs = 9_000
/** Requests that `findSms` makes. */
const callsToFind = 2

/**
 * Sends the SMS of one message job, once, or drops it. Throws ProviderError where Twilio must be asked again.
 */
export async function sendMessage(ctx: Context, job: MessageJob): Promise<void> {
  const [outcome] = await sendMessages(ctx, [job])
  if (outcome?.status === 'rejected') throw outcome.reason
}

/** The same for many jobs: one outcome for each, in their order. */
export async function sendMessages(ctx: Context, jobs: MessageJob[]): Promise<PromiseSettledResult<void>[]> {
  const messages = await prepareMessages(ctx, jobs)
  const outcomes = new Map<string, PromiseSettledResult<void>>()
  const waiting = [...new Map(jobs.map((job) => [job.key, job])).values()].flatMap((job) => {
    const message = messages.get(job.key)
    return message?.status === 'waiting' ? { job, message } : []
  })
  for (let from = 0; from < waiting.length; from += atOnce) {
    const some = waiting.slice(from, from + atOnce)
    const sent = await sendSome(ctx, some)
    for (const [index, { job }] of some.entries()) outcomes.set(job.key, sent[index]!)
  }
  return jobs.map((job) => outcomes.get(job.key) ?? { status: 'fulfilled', value: undefined })
}

type Waiting = { job: MessageJob; message: PreparedMessage }

async function sendSome(ctx: Context, some: Waiting[]): Promise<PromiseSettledResult<void>[]> {
  const byKey = new Map(some.map((one) => [callKey(one.job), one]))
  // Wait for the rate limit before taking the leases: a lease whose call starts late looks like a crash.
  await ctx.twilio.smsRate?.wait(some.length)
  const outcomes = await callAllOnce<SentMessage | undefined>(ctx.db, {
    keys: [...byKey.keys()],
    provider: 'twilio',
    arrivalMs: doubtMs,
    make: (keys) =>
      sendUseful(
        ctx,
        keys.map((key) => byKey.get(key)!),
      ),
    lookUp: async (key) => {
      const { message } = byKey.get(key)!
      const known = await sidsOfNumber(ctx, message.mobileNumber)
      await ctx.twilio.smsRate?.wait(callsToFind)
      return findSms(ctx.twilio, message.mobileNumber, message.body, addMinutes(message.createdAt, -1), known)
    },
    record: (tx, results) =>
      recordSent(
        tx,
        [...results].map(([key, sent]) => ({ message: byKey.get(key)!.message, sent })),
      ),
  })
  return Promise.all(
    some.map(async ({ job, message }, index): Promise<PromiseSettledResult<void>> => {
      const outcome = outcomes[index]!
      if (outcome.status === 'fulfilled') return { status: 'fulfilled', value: undefined }
      // A 400 is about this SMS (an unreachable number, somebody who opted out) and final. Anything else,
      // wrong credentials included, is tried again while the message is of use.
      const { reason } = outcome
      if (!(reason instanceof ProviderError && reason.status === 400)) return outcome
      await inTransaction(ctx.db, async (tx) => {
        await markFailed(tx, message, reason.code ?? 'refused')
        if (reason.code === stoppedCode) await recordStopped(tx, message.mobileNumber, { byWord: false })
        await endCall(tx, callKey(job))
      })
      return { status: 'fulfilled', value: undefined }
    }),
  )
}

const callKey = (job: MessageJob) => `sms:${job.key}`

/**
 * Sends those that are still true and useful. A try without an answer may have sent one: that was looked up.
 */
async function sendUseful(
  ctx: Context,
  some: Waiting[],
): Promise<PromiseSettledResult<SentMessage | undefined>[]> {
  const obsolete = await findObsolete(ctx, some)
  const stopped = await findStopped(
    ctx.db,
    some.map(({ message }) => message.mobileNumber),
    { byWord: true },
  )
  const outcomes = await Promise.allSettled(
    some.map(async ({ job, message }) => {
      if (obsolete.has(job.key)) return undefined
      if (stopped.has(message.mobileNumber)) throw saidStop()
      return sendSms(ctx.twilio, {
        to: message.mobileNumber,
        body: message.body,
        statusCallbackUrl: `${ctx.config.publicUrl}/functions/v1/twilio-status`,
      })
    }),
  )
  await ctx.twilio.smsRate?.adapt(outcomes.some(isTooFast))
  return outcomes
}

/** As Twilio says it: their word holds also where Twilio itself would still send. */
const saidStop = () =>
  new ProviderError('twilio', 'they have stopped our texts', {
    ambiguous: false,
    status: 400,
    code: stoppedCode,
  })

/**
 * Rate limited, or not answered in time. Going on at this rate would make it worse, since doubtful SMS are
 * looked up too.
 */
function isTooFast(outcome: PromiseSettledResult<unknown>): boolean {
  return (
    outcome.status === 'rejected' &&
    outcome.reason instanceof ProviderError &&
    (outcome.reason.status === 429 || outcome.reason.ambiguous)
  )
}

/** SMS already sent to this number for another reason; they may have the same text. */
async function sidsOfNumber(ctx: Context, mobileNumber: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('messages')
    .select('twilioSid')
    .where('mobileNumber', '=', mobileNumber)
    .where('twilioSid', 'is not', null)
    .orderBy('createdAt', 'desc')
    .limit(500)
    .execute()
  return rows.flatMap((row) => row.twilioSid ?? [])
}

/**
 * The keys of messages that are past their useful time, about an earlier attempt of a booking, or about two
 * who are kept apart.
 */
async function findObsolete(ctx: Context, some: Waiting[]): Promise<Set<string>> {
  const bookingIds = some.flatMap(({ job }) =>
    job.bookingId && job.attempt !== undefined ? job.bookingId : [],
  )
  const rows =
    bookingIds.length > 0
      ? await ctx.db
          .selectFrom('bookings')
          .select(['id', 'attempt', 'state'])
          .where('id', 'in', bookingIds)
          .execute()
      : []
  const bookings = new Map(rows.map((row) => [row.id, row]))
  const blocked = await findBlocked(
    ctx.db,
    some.flatMap(({ job, message: { hostId, memberId } }) =>
      hostId && memberId && !mayBeSentApart(job.template) ? { hostId, memberId } : [],
    ),
  )
  const isObsolete = ({ job, message }: Waiting) => {
    if (now() >= new Date(job.usefulUntil)) return true
    if (!mayBeSentApart(job.template) && blocked.has(`${message.hostId}:${message.memberId}`)) return true
    if (!job.bookingId || job.attempt === undefined) return false
    const booking = bookings.get(job.bookingId)
    return !booking || booking.attempt !== job.attempt || booking.state !== 'created'
  }
  return new Set(some.filter(isObsolete).map(({ job }) => job.key))
}

async function recordSent(
  tx: Tx,
  some: { message: PreparedMessage; sent: SentMessage | undefined }[],
): Promise<void> {
  const sent = some.flatMap(({ message, sent }) => (sent ? { id: message.id, sid: sent.sid } : []))
  const dropped = some.flatMap(({ message, sent }) => (sent ? [] : message.id))
  if (sent.length > 0) {
    await sql`
      update messages set status = 'sent', twilio_sid = sent.sid, sent_at = ${now()}
      from unnest(${sent.map(({ id }) => id)}::uuid[], ${sent.map(({ sid }) => sid)}::text[]) sent(id, sid)
      where messages.id = sent.id and messages.status = 'waiting'`.execute(tx)
  }
  if (dropped.length > 0) {
    await tx
      .updateTable('messages')
      .set({ status: 'dropped', failure: 'no longer true or useful' })
      .where('id', 'in', dropped)
      .where('status', '=', 'waiting')
      .execute()
  }
  const numbers = some.flatMap(({ message, sent }) => (sent ? message.mobileNumber : []))
  for (const number of await findStopped(tx, numbers)) await recordStarted(tx, number)
  await recordsChanged(
    tx,
    'Presence Operations',
    some.flatMap(({ message }) => message.bookingId ?? []),
  )
}

async function markFailed(tx: Tx, message: PreparedMessage, failure: string): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ status: 'failed', failure })
    .where('id', '=', message.id)
    .where('status', '=', 'waiting')
    .execute()
  if (message.bookingId) await recordsChanged(tx, 'Presence Operations', [message.bookingId])
}
