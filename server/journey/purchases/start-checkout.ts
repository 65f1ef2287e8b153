// Steps 2 and 3: the chosen plan and host become an open purchase and its Stripe checkout.
import { inTransaction } from '../../db/client.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { createCheckout, createStripeCustomer } from '../../integrations/stripe-checkout.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { type PlanType, plans } from '../plans/plan.ts'
import type { Checkout } from './purchase-view.ts'

/** Stripe accepts 30 minutes to 24 hours. */
export const checkoutMinutes = 45

/**
 * Records the purchase, then asks Stripe for its checkout. Nothing is owed or granted until it is paid.
 * Refuses: host_unavailable; payment_unavailable where Stripe does not answer.
 */
export async function startCheckout(
  ctx: Context,
  input: { memberId: string; hostId: string; plan: PlanType },
): Promise<Checkout> {
  const terms = plans[input.plan]
  const purchaseId = newId()
  const createdAt = now()
  const { member, host } = await inTransaction(ctx.db, async (tx) => {
    const host = await tx
      .selectFrom('hosts')
      .select(['id', 'fullName', 'airtableRecordId'])
      .where('id', '=', input.hostId)
      .where('status', '=', 'Active')
      .where('verificationStatus', '=', 'Verified')
      .executeTakeFirst()
    if (!host)
      throw new Refusal(
        'host_unavailable',
        'This host is not taking sessions at the moment. Please choose another.',
      )
    const member = await tx
      .selectFrom('members')
      .selectAll()
      .where('id', '=', input.memberId)
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('purchases')
      .values({
        id: purchaseId,
        memberId: member.id,
        hostId: host.id,
        plan: input.plan,
        terms: JSON.stringify(terms),
        amountCents: terms.priceCents,
        currency: terms.currency,
        status: 'open',
        createdAt,
      })
      .execute()
    return { member, host }
  })
  failpoint('after-commit:purchase')

  try {
    const stripeCustomerId = member.stripeCustomerId ?? (await rememberStripeCustomer(ctx, member))
    const checkout = await createCheckout(ctx.stripe, {
      purchaseId,
      stripeCustomerId,
      amountCents: terms.priceCents,
      currency: terms.currency,
      title: `${terms.plan} – ${terms.sessions === 1 ? '1 session' : `${terms.sessions} sessions`}`,
      description: `${terms.sessionMinutes} minutes on video with ${host.fullName}${terms.anyHost ? ' or any other host' : ''}`,
      returnUrl: `${ctx.config.publicUrl}/plans?purchase=${purchaseId}`,
      expiresAt: addMinutes(createdAt, checkoutMinutes),
      metadata: {
        member_id: member.airtableRecordId ?? member.id,
        host_id: host.airtableRecordId,
        plan_type: terms.plan,
        purchase_id: purchaseId,
      },
    })
    failpoint('after-call:checkout')
    await ctx.db
      .updateTable('purchases')
      .set({ checkoutId: checkout.id, checkoutSecret: checkout.clientSecret })
      .where('id', '=', purchaseId)
      .execute()
    return { purchaseId, clientSecret: checkout.clientSecret }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal(
      'payment_unavailable',
      'The payment page could not be opened just now. Nothing was charged. Please try again in a moment.',
    )
  }
}

async function rememberStripeCustomer(
  ctx: Context,
  member: { id: string; fullName: string; email: string | null; mobileNumber: string },
): Promise<string> {
  const made = await createStripeCustomer(ctx.stripe, {
    memberId: member.id,
    name: member.fullName,
    email: member.email,
    mobileNumber: member.mobileNumber,
  })
  await inTransaction(ctx.db, async (tx) => {
    await tx.updateTable('members').set({ stripeCustomerId: made }).where('id', '=', member.id).execute()
    // Members who never pay are written too: the operators look people up at Stripe by this id.
    await recordChanged(tx, 'Members', member.id)
  })
  return made
}
