// Which purchase an object of Stripe belongs to: by our own rows first, then by what Stripe says of it.
import { fetchTransferGroup, type MovementOrigin } from '../../integrations/stripe-movements.ts'
import { isId } from '../../lib/ids.ts'
import type { Context } from '../context.ts'

/** The id of the purchase of a charge, payment or transfer; undefined where it is none of ours. */
export async function findPurchase(ctx: Context, origin: MovementOrigin): Promise<string | undefined> {
  return (await ofPayment(ctx, origin)) ?? (await ofTransfer(ctx, origin)) ?? (await ofName(ctx, origin))
}

async function ofPayment(ctx: Context, { chargeId, paymentIntentId }: MovementOrigin) {
  if (!chargeId && !paymentIntentId) return undefined
  const row = await ctx.db
    .selectFrom('purchases')
    .select('id')
    .where((eb) =>
      eb.or([
        ...(chargeId ? [eb('chargeId', '=', chargeId)] : []),
        ...(paymentIntentId ? [eb('paymentIntentId', '=', paymentIntentId)] : []),
      ]),
    )
    .executeTakeFirst()
  return row?.id
}

async function ofTransfer(ctx: Context, { transferId }: MovementOrigin) {
  if (!transferId) return undefined
  const row = await ctx.db
    .selectFrom('payouts')
    .select('purchaseId')
    .where('transferId', '=', transferId)
    .executeTakeFirst()
  return row?.purchaseId
}

/** By our own id, which Stripe keeps as metadata or as the transfer's group. */
async function ofName(ctx: Context, { purchaseId, transferId }: MovementOrigin) {
  const named = purchaseId ?? (transferId ? await fetchTransferGroup(ctx.stripe, transferId) : undefined)
  if (!named || !isId(named)) return undefined
  const row = await ctx.db.selectFrom('purchases').select('id').where('id', '=', named).executeTakeFirst()
  return row?.id
}
