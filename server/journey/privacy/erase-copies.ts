// Erases what other services hold of somebody who left. Every call can be repeated, and what is erased is
// recorded at once: a crash makes at most one call a second time, which then finds nothing.
import { eachAlone } from '../../calls/each-alone.ts'
import { inTransaction } from '../../db/client.ts'
import { deleteRecord } from '../../integrations/airtable.ts'
import { deleteHostAccount } from '../../integrations/stripe-connect.ts'
import { deleteStripeCustomer } from '../../integrations/stripe-checkout.ts'
import { deleteSms } from '../../integrations/twilio.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type CopyService, copies } from './deletion.ts'

type Copy = { deletionId: string; service: CopyService; subject: string }
type Outcome = { status: 'done' } | { status: 'kept'; reason: string } | 'not_yet'

/** What fails is tried again, alone; an operator is told when it keeps failing. */
export async function eraseCopies(ctx: Context, deletionId: string): Promise<void> {
  const waiting = await ctx.db
    .selectFrom('erasures')
    .select(['deletionId', 'service', 'subject'])
    .where('deletionId', '=', deletionId)
    .where('status', '=', 'waiting')
    .orderBy('service')
    .orderBy('subject')
    .execute()
  await eachAlone(ctx.db, waiting, {
    kind: 'erase-copy',
    keyOf: ({ service, subject }) => `${deletionId}:${service}:${subject}`,
    act: async (copy) => {
      const outcome = await eraseCopy(ctx, copy)
      failpoint('after-call:erase')
      if (outcome !== 'not_yet') await recordOutcome(ctx, copy, outcome)
    },
    taskFor: ({ service }, lastError) => ({
      kind: 'job_failed',
      sentence:
        `Of a deleted account, ${copies[service]} could not be erased ("${lastError}"). ` +
        'It is tried again at least every hour.',
    }),
  })
}

async function eraseCopy(ctx: Context, { service, subject }: Copy): Promise<Outcome> {
  switch (service) {
    case 'airtable_member': {
      // The emptied row is written by the usual way of records.
      const change = await ctx.db
        .selectFrom('recordChanges')
        .select('version')
        .where('tableName', '=', 'Members')
        .where('presenceId', '=', subject)
        .executeTakeFirst()
      return change ? 'not_yet' : { status: 'done' }
    }
    case 'airtable_host':
      await deleteRecord(ctx.airtable, 'Hosts', subject)
      return { status: 'done' }
    case 'stripe_customer':
      await deleteStripeCustomer(ctx.stripe, subject)
      return { status: 'done' }
    case 'stripe_account':
      return (await deleteHostAccount(ctx.stripe, subject))
        ? { status: 'done' }
        : { status: 'kept', reason: 'Stripe keeps an account whose balance is not zero' }
    case 'twilio_message':
      await deleteSms(ctx.twilio, subject)
      return { status: 'done' }
    case 'calcom_attendee':
      return { status: 'kept', reason: 'Cal.com has no way to remove the attendee of a past booking' }
  }
}

async function recordOutcome(ctx: Context, copy: Copy, outcome: Exclude<Outcome, 'not_yet'>): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    await tx
      .updateTable('erasures')
      .set({ ...outcome, endedAt: now() })
      .where('deletionId', '=', copy.deletionId)
      .where('service', '=', copy.service)
      .where('subject', '=', copy.subject)
      .where('status', '=', 'waiting')
      .execute()
  })
}
