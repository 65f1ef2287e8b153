// One SMS per event and recipient: the row with its key is written first, the SMS is sent once, and whatever is no
// longer true or useful when its turn comes is dropped.
import { inTransaction, type Tx } from '../../db/client.ts'
import type { MessageJob } from '../../db/jobs.ts'
import { callOnce, endCall } from '../../db/outgoing-calls.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { findSms, sendSms, type SentMessage } from '../../integrations/twilio.ts'
import { ProviderError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { composeMessage } from './compose-message.ts'
import { defaultTemplates, type TemplateName } from './default-templates.ts'

/** Sends the SMS of one message job, once, or drops it. Throws ProviderError where Twilio must be asked again. */
export async function sendMessage(ctx: Context, job: MessageJob): Promise<void> {
  const message = await prepareMessage(ctx, job)
  if (!message || message.status !== 'waiting') return
  const key = `sms:${job.key}`
  try {
    await callOnce<SentMessage | undefined>(ctx.db, {
      key,
      provider: 'twilio',
      // What is obsolete by now is not sent any more. A try that left no answer may have sent it all the same: that was looked up.
      make: async () =>
        (await isObsolete(ctx, job)) ? undefined : sendSms(ctx.twilio, {
          to: message.mobileNumber,
          body: message.body,
          statusCallbackUrl: `${ctx.config.publicUrl}/functions/v1/twilio-status`,
        }),
      lookUp: async () => {
        const known = await sidsOfNumber(ctx, message.mobileNumber)
        return findSms(ctx.twilio, message.mobileNumber, message.body, addMinutes(message.createdAt, -1), known)
      },
      record: async (tx, sent) => {
        await tx
          .updateTable('messages')
          .set(sent ? { status: 'sent', twilioSid: sent.sid, sentAt: now() } : { status: 'dropped', failure: 'no longer true or useful' })
          .where('id', '=', message.id)
          .where('status', '=', 'waiting')
          .execute()
        if (message.bookingId) await recordChanged(tx, 'Presence Operations', message.bookingId)
      },
    })
  } catch (error) {
    // A 400 is about this SMS (a number that cannot be reached, somebody who opted out) and final; anything else,
    // wrong credentials included, is about us and tried again while the message is of use.
    const isFinal = error instanceof ProviderError && error.status === 400
    if (!isFinal) throw error
    await inTransaction(ctx.db, async (tx) => {
      await markFailed(tx, message, error.code ?? 'refused')
      await endCall(tx, key)
    })
  }
}

/** The same words may have been sent before for another reason: those SMS are not this one. */
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

type PreparedMessage = { id: string; status: string; mobileNumber: string; body: string; bookingId: string | null; createdAt: Date }

async function prepareMessage(ctx: Context, job: MessageJob): Promise<PreparedMessage | undefined> {
  const columns = ['id', 'status', 'mobileNumber', 'body', 'bookingId', 'createdAt'] as const
  const known = await ctx.db.selectFrom('messages').select(columns).where('key', '=', job.key).executeTakeFirst()
  if (known) return known
  if (!(await isForSms(ctx, job.template))) return undefined
  const composed = await composeMessage(ctx, job)
  if (!composed) return undefined
  return inTransaction(ctx.db, async (tx) => {
    await tx
      .insertInto('messages')
      .values({
        id: newId(),
        key: job.key,
        template: job.template,
        recipient: job.recipient,
        mobileNumber: composed.mobileNumber,
        body: composed.body,
        bookingId: job.bookingId ?? null,
        purchaseId: job.purchaseId ?? null,
        status: 'waiting',
        usefulUntil: new Date(job.usefulUntil),
        createdAt: now(),
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute()
    return tx.selectFrom('messages').select(columns).where('key', '=', job.key).executeTakeFirstOrThrow()
  })
}

/** The operators choose a template's channel in Airtable; one that is only shown in the pages is not sent. */
async function isForSms(ctx: Context, template: string): Promise<boolean> {
  const edited = await ctx.db
    .selectFrom('templates')
    .select('channel')
    .where('name', '=', template)
    .where('isActive', '=', true)
    .orderBy('airtableRecordId')
    .executeTakeFirst()
  const channel = edited ? edited.channel : defaultTemplates[template as TemplateName]?.channel
  return !channel || channel.toUpperCase().includes('SMS')
}

/** Past its useful time, or about an attempt of a booking that was moved or cancelled since. */
async function isObsolete(ctx: Context, job: MessageJob): Promise<boolean> {
  if (now() >= new Date(job.usefulUntil)) return true
  if (!job.bookingId || job.attempt === undefined) return false
  const booking = await ctx.db.selectFrom('bookings').select(['attempt', 'state']).where('id', '=', job.bookingId).executeTakeFirst()
  return !booking || booking.attempt !== job.attempt || booking.state !== 'created'
}

async function markFailed(tx: Tx, message: PreparedMessage, failure: string): Promise<void> {
  await tx.updateTable('messages').set({ status: 'failed', failure }).where('id', '=', message.id).where('status', '=', 'waiting').execute()
  if (message.bookingId) await recordChanged(tx, 'Presence Operations', message.bookingId)
}
