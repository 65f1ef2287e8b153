// Texts in which somebody may be named or wrote themselves. What others need to keep loses the name alone.
import { sql } from 'kysely'
import type { Tx } from '../../db/client.ts'
import type { Traces } from './find-traces.ts'
import { ofThem } from './record-copies.ts'

type Leaving = { memberId: string | null; hostId: string | null }

export async function eraseTexts(tx: Tx, { memberId, hostId }: Leaving, traces: Traces): Promise<void> {
  const { numbers, inPayloads } = traces
  const words = wordsOf(traces)
  const theirs = sql`(select id from bookings where member_id = ${memberId} or host_id = ${hostId})`
  const bought = sql`(select id from purchases where member_id = ${memberId})`
  // Messages to them lose the number too; those to others that name them, the text.
  await sql`
    update messages set body = '', failure = null,
      mobile_number = case when mobile_number = any(${numbers}::text[]) then '' else mobile_number end,
      status = case when status = 'waiting' then 'dropped' else status end
    where ${ofThem(memberId, hostId, numbers)}`.execute(tx)
  await sql`
    update webhook_events set payload = '{}', parked_until = null,
      handled_at = coalesce(handled_at, received_at)
    where exists (select from unnest(${inPayloads}::text[]) trace
      where strpos(payload::text, btrim(to_jsonb(trace)::text, '"')) > 0)`.execute(tx)
  await sql`update bookings set reflection = null where member_id = ${memberId}`.execute(tx)
  await sql`
    update operator_tasks set
      sentence = case when kind = 'contact' then 'A former member or host wrote to us.'
        else without_words(sentence, ${words}::text[]) end,
      resolution = without_words(resolution, ${words}::text[])
    where member_id = ${memberId} or host_id = ${hostId} or booking_id in ${theirs}
      or purchase_id in ${bought}
      or without_words(sentence, ${words}::text[]) <> sentence`.execute(tx)
  await sql`
    update reports set body = without_words(body, ${words}::text[]),
      evidence = without_words(evidence::text, ${words}::text[])::jsonb
    where booking_id in ${theirs}`.execute(tx)
  await sql`
    update refunds set reason = without_words(reason, ${words}::text[]),
      failure = without_words(failure, ${words}::text[])
    where purchase_id in ${bought}`.execute(tx)
  await sql`
    update payouts set failure = without_words(failure, ${words}::text[]) where host_id = ${hostId}`.execute(
    tx,
  )
  await sql`
    update quarantine set last_error = without_words(last_error, ${words}::text[])
    where without_words(last_error, ${words}::text[]) <> last_error`.execute(tx)
  await eraseFromJobs(tx, traces)
}

/** Jobs that are over keep what they were given and what they answered for some days. */
async function eraseFromJobs(tx: Tx, { names, numbers, emails }: Traces): Promise<void> {
  const found = [...names, ...numbers, ...emails]
  await sql`
    update pgboss.job set output = null,
      data = case when state in ('completed', 'failed', 'cancelled') then '{}'::jsonb else data end
    where exists (select from unnest(${found}::text[]) trace
      where strpos(concat(data, output), btrim(to_jsonb(trace)::text, '"')) > 0)`.execute(tx)
}

/** The whole name first, then its first word, which is what others know. */
function wordsOf({ names, numbers, emails }: Traces): string[] {
  const firsts = names.flatMap((name) => name.trim().split(/\s+/, 1))
  return [...names, ...numbers, ...emails, ...firsts.filter((word) => word.length > 1)]
}
