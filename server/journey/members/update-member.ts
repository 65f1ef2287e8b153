// What members say about themselves.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { Refusal } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { isTimeZone } from './member.ts'

export async function updateMember(
  ctx: Context,
  memberId: string,
  facts: { fullName?: string | undefined; timeZone?: string | undefined; email?: string | undefined },
): Promise<void> {
  if (facts.timeZone !== undefined && !isTimeZone(facts.timeZone)) {
    throw new Refusal(
      'invalid_input',
      'That is not a time zone we know. It should look like Australia/Sydney.',
    )
  }
  await inTransaction(ctx.db, async (tx) => {
    const before = await tx
      .selectFrom('members')
      .select('fullName')
      .where('id', '=', memberId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    // The welcome uses the name, so it waits for one.
    if (before.fullName === '' && facts.fullName) {
      await enqueue(tx, 'send-message', {
        key: `welcome:${memberId}`,
        template: 'Welcome',
        recipient: 'member',
        memberId,
        usefulUntil: addHours(now(), 24).toISOString(),
      })
    }
    await tx
      .updateTable('members')
      .set({ ...facts, lastActiveAt: now() })
      .where('id', '=', memberId)
      .execute()
    await recordChanged(tx, 'Members', memberId)
    await announce(tx, { topics: ['me'], memberId })
  })
}
