// Writes the rows of messages with their text before anything is sent. The key dedupes: it never makes two.
import type { MessageJob } from '../../db/jobs.ts'
import { newId } from '../../lib/ids.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { composeMessage } from './compose-message.ts'
import { isAboutTwo, isMarketing, type MessageStatus } from './message.ts'
import { readMessageFacts } from './read-message-facts.ts'

export type PreparedMessage = {
  id: string
  key: string
  status: MessageStatus
  mobileNumber: string
  body: string
  bookingId: string | null
  hostId: string | null
  memberId: string | null
  createdAt: Date
}

/**
 * The messages of these jobs by key, existing and new. There is none where nobody can receive it or its
 * channel is not SMS.
 */
export async function prepareMessages(
  ctx: Context,
  jobs: MessageJob[],
): Promise<Map<string, PreparedMessage>> {
  const known = await readPrepared(
    ctx,
    jobs.map((job) => job.key),
  )
  const unknown = [
    ...new Map(jobs.filter((job) => !known.has(job.key)).map((job) => [job.key, job])).values(),
  ]
  if (unknown.length === 0) return known
  const facts = await readMessageFacts(ctx.db, unknown)
  const rows = unknown.flatMap((job, index) => {
    const factsOfJob = facts[index]!
    const isWanted = !isMarketing(job.template) || factsOfJob.wantsMarketing
    const composed =
      isWanted && factsOfJob.template.isForSms ? composeMessage(ctx.config, job, factsOfJob) : undefined
    if (!composed) return []
    return {
      id: newId(),
      key: job.key,
      template: job.template,
      recipient: job.recipient,
      mobileNumber: composed.mobileNumber,
      body: composed.body,
      bookingId: job.bookingId ?? null,
      purchaseId: job.purchaseId ?? null,
      hostId: isAboutTwo(job.template) ? (factsOfJob.host?.id ?? null) : null,
      memberId: isAboutTwo(job.template) ? (factsOfJob.member?.id ?? null) : null,
      status: 'waiting' as const,
      usefulUntil: new Date(job.usefulUntil),
      createdAt: now(),
    }
  })
  if (rows.length > 0) {
    // Insert in one order everywhere, or two batches with the same keys deadlock.
    const ordered = rows.toSorted((one, other) => (one.key < other.key ? -1 : 1))
    await ctx.db
      .insertInto('messages')
      .values(ordered)
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute()
  }
  return new Map([
    ...known,
    ...(await readPrepared(
      ctx,
      rows.map((row) => row.key),
    )),
  ])
}

async function readPrepared(ctx: Context, keys: string[]): Promise<Map<string, PreparedMessage>> {
  if (keys.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('messages')
    .select(['id', 'key', 'status', 'mobileNumber', 'body', 'bookingId', 'hostId', 'memberId', 'createdAt'])
    .where('key', 'in', keys)
    .execute()
  return new Map(rows.map((row) => [row.key, row]))
}
