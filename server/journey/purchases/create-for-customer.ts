// A checkout belongs to the member's customer at Stripe, who is made where there is none, or none any more.
import { inTransaction } from '../../db/client.ts'
import { recordChanged } from '../../db/record-changes.ts'
import {
  createCheckout,
  createStripeCustomer,
  isCustomerGone,
  type NewCheckout,
} from '../../integrations/stripe-checkout.ts'
import type { Context } from '../context.ts'

type Member = {
  id: string
  fullName: string
  email: string | null
  mobileNumber: string | null
  stripeCustomerId: string | null
}

/** Creates the checkout. Where the member's customer was deleted at Stripe, it is for a new one. */
export async function createForCustomer(
  ctx: Context,
  member: Member,
  checkout: Omit<NewCheckout, 'stripeCustomerId'>,
): Promise<{ id: string; clientSecret: string }> {
  const known = member.stripeCustomerId
  const stripeCustomerId = known ?? (await rememberCustomer(ctx, member))
  try {
    return await createCheckout(ctx.stripe, { ...checkout, stripeCustomerId })
  } catch (error) {
    if (!isCustomerGone(error)) throw error
    const made = await rememberCustomer(ctx, member, stripeCustomerId)
    return createCheckout(ctx.stripe, { ...checkout, stripeCustomerId: made })
  }
}

async function rememberCustomer(ctx: Context, member: Member, deleted?: string): Promise<string> {
  const made = await createStripeCustomer(ctx.stripe, {
    memberId: member.id,
    name: member.fullName,
    email: member.email,
    mobileNumber: member.mobileNumber,
    replaces: deleted,
  })
  await inTransaction(ctx.db, async (tx) => {
    await tx.updateTable('members').set({ stripeCustomerId: made }).where('id', '=', member.id).execute()
    // Members who never pay are written too: the operators look people up at Stripe by this id.
    await recordChanged(tx, 'Members', member.id)
  })
  return made
}
