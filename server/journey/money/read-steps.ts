// Reads what Stripe has about one purchase, as steps that can be followed together or each alone.
import type { Selectable } from 'kysely'
import type { Tx } from '../../db/client.ts'
import type { Purchases } from '../../db/schema.generated.ts'
import { isFinalRefusal } from '../../integrations/provider-error.ts'
import { fetchCharge, listDisputes } from '../../integrations/stripe-charges.ts'
import { listRefunds } from '../../integrations/stripe-refunds.ts'
import { listTransfers } from '../../integrations/stripe-transfers.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { followCharge } from './follow-charge.ts'
import { followDisputes } from './follow-disputes.ts'
import { followRefunds } from './follow-refunds.ts'
import { followTransfers, reportMissing } from './follow-transfers.ts'

type Purchase = Selectable<Purchases>
export type FollowStep = {
  /** Names the object at Stripe, the same each time. */
  name: string
  follow: (tx: Tx, purchase: Purchase) => Promise<void>
}

/**
 * One step for each object. A list that Stripe refuses for good is a step that fails; a service that is away
 * throws.
 */
export async function readSteps(
  ctx: Context,
  { id, chargeId }: { id: string; chargeId: string },
): Promise<FollowStep[]> {
  const since = now()
  const charge = await fetchCharge(ctx.stripe, chargeId)
  const step = (name: string, follow: FollowStep['follow']): FollowStep => ({ name, follow })
  const steps = await Promise.all([
    [step('charge', (tx, purchase) => followCharge(tx, purchase, charge))],
    charge
      ? stepsOf('refunds', async () =>
          (await listRefunds(ctx.stripe, chargeId))
            .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
            .map((fact) => step(fact.id, (tx, purchase) => followRefunds(tx, purchase, [fact]))),
        )
      : [],
    stepsOf('transfers', async () => {
      const facts = await listTransfers(ctx.stripe, id)
      const listed = facts.map((fact) => fact.id)
      return [
        ...facts.map((fact) => step(fact.id, (tx, purchase) => followTransfers(tx, purchase, [fact]))),
        step('missing transfers', (tx, purchase) => reportMissing(tx, purchase, listed, since)),
      ]
    }),
    charge
      ? stepsOf('disputes', async () =>
          (await listDisputes(ctx.stripe, chargeId)).map((fact) =>
            step(fact.id, (tx, purchase) => followDisputes(tx, purchase, [fact])),
          ),
        )
      : [],
  ])
  return steps.flat()
}

async function stepsOf(name: string, read: () => Promise<FollowStep[]>): Promise<FollowStep[]> {
  try {
    return await read()
  } catch (error) {
    if (!isFinalRefusal(error)) throw error
    return [{ name, follow: () => Promise.reject(error) }]
  }
}
