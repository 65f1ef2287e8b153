// A member's bank disputes a payment: payouts of the purchase pause and an operator is asked. Its money and
// its status are followed apart, each as the difference to what is known here: a dispute can be won long
// before its money comes back, perhaps in parts, and money can be withdrawn again. A host who delivered is
// paid either way.
import type { Tx } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import type { DisputeFacts } from '../../integrations/stripe-charges.ts'
import { newId } from '../../lib/ids.ts'
import { type Currency, formatMoney } from '../../lib/money.ts'
import { now } from '../../lib/time.ts'
import { settleByBank } from '../refunds/settle-by-bank.ts'
import { postEntries } from '../purchases/post-entries.ts'
import { releasePayouts } from '../payouts/release-payouts.ts'

type Purchase = { id: string; memberId: string; currency: Currency }

export async function followDisputes(tx: Tx, purchase: Purchase, facts: DisputeFacts[]): Promise<void> {
  for (const fact of facts) {
    const row = (await readDispute(tx, fact.id)) ?? (await openDispute(tx, purchase, fact))
    for (const move of fact.moves)
      await postEntries(tx, purchase, {
        kind: move.amountCents > 0 ? 'dispute_reinstated' : 'dispute_withdrawn',
        key: `dispute:${move.id}`,
        amountCents: move.amountCents,
        feeCents: move.feeCents,
      })
    if (fact.status !== 'open') await settle(tx, purchase, row.id, fact)
    if (row.status !== fact.status) await recordStatus(tx, purchase, row.id, fact.status)
  }
}

function readDispute(tx: Tx, disputeId: string) {
  return tx
    .selectFrom('disputes')
    .select(['id', 'status'])
    .where('disputeId', '=', disputeId)
    .forUpdate()
    .executeTakeFirst()
}

async function openDispute(
  tx: Tx,
  purchase: Purchase,
  fact: DisputeFacts,
): Promise<{ id: string; status: 'open' }> {
  const id = newId()
  await tx
    .insertInto('disputes')
    .values({
      id,
      purchaseId: purchase.id,
      disputeId: fact.id,
      amountCents: fact.amountCents,
      reason: fact.reason,
      status: 'open',
      evidenceDueAt: fact.evidenceDueAt,
      openedAt: fact.openedAt,
    })
    .execute()
  const until = fact.evidenceDueAt ? ` until ${fact.evidenceDueAt.toISOString().slice(0, 10)}` : ''
  await addOperatorTask(tx, {
    key: `dispute:${id}`,
    kind: 'dispute',
    purchaseId: purchase.id,
    memberId: purchase.memberId,
    sentence:
      `A member's bank disputes a payment of ${formatMoney(fact.amountCents, purchase.currency)} (${fact.reason.replaceAll('_', ' ')}). ` +
      `Payouts of this purchase are paused. Please answer in Stripe's dashboard${until}; what we know about it is listed with this task.`,
  })
  return { id, status: 'open' }
}

/** The bank gave the member what it has withdrawn for a lost dispute, and nothing for a won one. */
async function settle(tx: Tx, purchase: Purchase, id: string, fact: DisputeFacts): Promise<void> {
  const awayCents = fact.moves.reduce((sum, move) => sum - move.amountCents, 0)
  const givenCents = fact.status === 'lost' ? Math.max(0, awayCents) : 0
  const { beforeCents, afterCents } = await settleByBank(tx, purchase, id, givenCents)
  if (afterCents === beforeCents) return
  await postEntries(tx, purchase, {
    kind: 'dispute_settled',
    key: `dispute_settled:${id}:${await settledTimes(tx, id)}`,
    amountCents: afterCents - beforeCents,
  })
}

async function settledTimes(tx: Tx, id: string): Promise<number> {
  const { times } = await tx
    .selectFrom('postings')
    .select((eb) => eb.fn.countAll<number>().as('times'))
    .where('key', 'like', `dispute_settled:${id}:%`)
    .executeTakeFirstOrThrow()
  return Number(times)
}

async function recordStatus(
  tx: Tx,
  purchase: Purchase,
  id: string,
  status: DisputeFacts['status'],
): Promise<void> {
  const isOpen = status === 'open'
  await tx
    .updateTable('disputes')
    .set({ status, closedAt: isOpen ? null : now() })
    .where('id', '=', id)
    .execute()
  const word = status === 'lost' ? 'Lost' : 'Won'
  await tx
    .updateTable('operatorTasks')
    .set(
      isOpen
        ? { resolvedAt: null, resolution: null }
        : { resolvedAt: now(), resolution: `${word}: the bank's decision` },
    )
    .where('key', '=', `dispute:${id}`)
    .where('resolvedAt', isOpen ? 'is not' : 'is', null)
    .execute()
  if (!isOpen) await releasePayouts(tx, purchase.id)
}
