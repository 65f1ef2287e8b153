// Steps 2 and 3: the chosen plan and host become an open purchase and its Stripe checkout.
import { inTransaction } from '../../db/client.ts'
import { expireCheckout } from '../../integrations/stripe-checkout.ts'
import { failpoint } from '../../lib/failpoint.ts'
import { isOtherAccount } from '../../db/service-accounts.ts'
import { notJustNow, sentenceFor } from '../../integrations/our-fault.ts'
import { ProviderError, Refusal } from '../../lib/errors.ts'
import { atOnce, maxOf } from '../../lib/limits.ts'
import { newId } from '../../lib/ids.ts'
import { addMinutes, now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { requireConsents } from '../members/require-consents.ts'
import { isVisibleTo } from '../members/find-blocked.ts'
import { type PlanType, plans } from '../plans/plan.ts'
import { findBookableHost } from '../times/find-bookable-host.ts'
import { requireFreeTime } from '../times/require-free-time.ts'
import { createForCustomer } from './create-for-customer.ts'
import { endOlderCheckouts, takeOlder } from './end-older-checkouts.ts'
import type { Checkout } from './purchase-view.ts'

/** Stripe accepts 30 minutes to 24 hours. */
export const checkoutMinutes = 45

/**
 * Records the purchase, then asks Stripe for its checkout. Nothing is owed or granted until it is paid. An
 * older checkout for the same plan and host ends. Refuses: leaving; host_unavailable, also where a single session
 * could not be held; consent_needed; conflict where the older one was paid; payment_unavailable where Stripe
 * does not answer.
 */
export async function startCheckout(
  ctx: Context,
  input: { memberId: string; hostId: string; plan: PlanType },
): Promise<Checkout> {
  if (await isOtherAccount(ctx.db, 'stripe')) throw new Refusal('payment_unavailable', notJustNow)
  const terms = plans[input.plan]
  const purchaseId = newId()
  const createdAt = now()
  const wanted = await findBookableHost(ctx.db, input.hostId, input.memberId)
  if (!terms.anyHost) await requireFreeTime(ctx, wanted, terms)
  const { member, host, older } = await inTransaction(ctx.db, async (tx) => {
    const host = await tx
      .selectFrom('hosts')
      .select(['id', 'fullName', 'airtableRecordId'])
      .where('id', '=', input.hostId)
      .where('status', '=', 'Active')
      .where('verificationStatus', '=', 'Verified')
      .where(isVisibleTo(input.memberId))
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
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow()
    if (member.status === 'Suspended')
      throw new Refusal('not_allowed', 'Your account is suspended, so nothing can be bought with it.')
    const leaving = await tx
      .selectFrom('deletions')
      .select('id')
      .where('memberId', '=', member.id)
      .where('undoneAt', 'is', null)
      .executeTakeFirst()
    if (leaving)
      throw new Refusal(
        'leaving',
        'Your account is being deleted, so nothing can be bought with it. Keep your account first.',
      )
    const { open } = await tx
      .selectFrom('purchases')
      .select(({ fn }) => fn.countAll<number>().as('open'))
      .where('memberId', '=', member.id)
      .where('status', '=', 'open')
      .where('createdAt', '>', addMinutes(createdAt, -checkoutMinutes))
      .executeTakeFirstOrThrow()
    if (open >= maxOf(atOnce.openCheckouts, ctx.config.limitFactor))
      throw new Refusal(
        'too_many_requests',
        'Many of your payments are open. Please finish one, or wait until they end.',
        { retryAfterSeconds: checkoutMinutes * 60 },
      )
    await requireConsents(tx, { memberId: member.id })
    const older = await takeOlder(tx, input)
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
    return { member, host, older }
  })
  failpoint('after-commit:purchase')

  try {
    await endOlderCheckouts(ctx, older)
    const checkout = await createForCustomer(ctx, member, {
      purchaseId,
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
    const { numUpdatedRows } = await ctx.db
      .updateTable('purchases')
      .set({ checkoutId: checkout.id, checkoutSecret: checkout.clientSecret })
      .where('id', '=', purchaseId)
      .where('status', '=', 'open')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) {
      // The same was started again meanwhile, so this one must not be paid.
      await expireCheckout(ctx.stripe, checkout.id)
      throw new Refusal('conflict', 'This payment was started again in another window. Please pay there.')
    }
    return { purchaseId, clientSecret: checkout.clientSecret }
  } catch (error) {
    await giveUp(ctx, purchaseId)
    if (!(error instanceof ProviderError)) throw error
    throw new Refusal(
      'payment_unavailable',
      sentenceFor(
        error,
        'The payment page could not be opened just now. Nothing was charged. Please try again in a moment.',
      ),
    )
  }
}

/** Nobody has seen its checkout, so nobody can pay it. */
async function giveUp(ctx: Context, purchaseId: string): Promise<void> {
  await ctx.db
    .updateTable('purchases')
    .set({ status: 'expired' })
    .where('id', '=', purchaseId)
    .where('status', '=', 'open')
    .where('checkoutId', 'is', null)
    .execute()
}
