// What members say about themselves.
import { inTransaction } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { Refusal } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { zoneIn } from './member.ts'
import { readName } from './name.ts'

export async function updateMember(
  ctx: Context,
  memberId: string,
  given: { fullName?: string | undefined; timeZone?: string | undefined; email?: string | undefined },
): Promise<void> {
  const facts = { ...given }
  if (given.timeZone !== undefined) {
    facts.timeZone = zoneIn(given.timeZone)
    if (!facts.timeZone)
      throw new Refusal(
        'invalid_input',
        'That is not a time zone we know. It should look like Australia/Sydney.',
      )
  }
  if (given.fullName !== undefined) {
    const read = readName(given.fullName)
    if ('problem' in read) throw new Refusal('invalid_input', read.problem)
    facts.fullName = read.name
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
