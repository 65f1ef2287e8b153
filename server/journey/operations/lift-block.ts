// An operator lets two people meet again, with a reason. What was blocked, by whom and why it ended is kept.
import { inTransaction } from '../../db/client.ts'
import { announce } from '../../db/live.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'

/** Refuses: not_found; conflict where it has been lifted already. */
export async function liftBlock(
  ctx: Context,
  blockId: string,
  { by, reason }: { by: string; reason: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const block = await tx
      .selectFrom('blocks')
      .selectAll()
      .where('id', '=', blockId)
      .forUpdate()
      .executeTakeFirst()
    if (!block) throw notFound('block')
    if (block.liftedAt) throw new Refusal('conflict', 'Somebody has lifted this block already.')
    await tx
      .updateTable('blocks')
      .set({ liftedAt: now(), liftedBy: by, liftReason: reason })
      .where('id', '=', blockId)
      .execute()
    await announce(tx, { topics: ['bookings', 'hosts'], memberId: block.memberId })
    await announce(tx, { topics: ['host'], hostId: block.hostId })
    await announce(tx, { topics: ['ops'], forOperators: true })
  })
}
