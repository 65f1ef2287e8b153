// Stripe has refused a transfer for good: what becomes of the share, and what an operator is told.
import { inTransaction, type Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { addOperatorTask, reopenOperatorTask } from '../../db/operator-tasks.ts'
import { isFinalRefusal } from '../../integrations/provider-error.ts'
import { replayedFailure } from '../../integrations/stripe.ts'
import { fetchHostAccount } from '../../integrations/stripe-connect.ts'
import type { ProviderError } from '../../lib/errors.ts'
import { addHours, now } from '../../lib/time.ts'
import { lockBooking } from '../bookings/change-booking.ts'
import type { Context } from '../context.ts'
import { type DecidedTransfer, lockPayout, type PayoutRow, setPayout } from './decide-payout.ts'

/** The key of the one task about a balance that is too low, whichever shares wait for it. */
export const lowBalance = 'balance_insufficient'
const accountRefusals = ['insufficient_capabilities_for_transfer', 'account_invalid']

/**
 * Stripe certainly made no transfer. The next try gets a new key, since Stripe replays a refusal for a day. A
 * refusal that the account's own record contradicts waits for an operator, not for the account.
 */
export async function recordRefusal(
  ctx: Context,
  decided: DecidedTransfer,
  error: ProviderError,
): Promise<void> {
  const isAboutAccount = accountRefusals.includes(error.code ?? '')
  const waitsForAccount = isAboutAccount && !(await canBePaid(ctx, decided.accountId))
  await inTransaction(ctx.db, async (tx) => {
    const { bookingId } = decided.payout
    await lockBooking(tx, bookingId)
    const payout = await lockPayout(tx, bookingId)
    if (!payout || payout.transferId || payout.try !== decided.payout.try) return
    const next = { triedAt: null, try: payout.try + 1, failure: error.message }
    if (error.code === replayedFailure) return setPayout(tx, payout, next)
    if (waitsForAccount) {
      await tx
        .updateTable('hosts')
        .set({ canBePaid: false, updatedAt: now() })
        .where('id', '=', payout.hostId)
        .execute()
      return setPayout(tx, payout, { ...next, status: 'waiting_for_onboarding' })
    }
    if (error.code === 'balance_insufficient') {
      await setPayout(tx, payout, next)
      return waitForBalance(tx, bookingId)
    }
    await setPayout(tx, payout, { ...next, status: 'failed' })
    await reportRefusal(tx, payout, isAboutAccount)
  })
}

/** What Stripe's own record of the account says. An account that is gone cannot be paid. */
async function canBePaid(ctx: Context, accountId: string): Promise<boolean> {
  try {
    return (await fetchHostAccount(ctx.stripe, accountId)).canBePaid
  } catch (error) {
    if (!isFinalRefusal(error)) throw error
    return false
  }
}

async function waitForBalance(tx: Tx, bookingId: string): Promise<void> {
  await enqueue(tx, 'pay-host', { bookingId }, { at: addHours(now(), 1) })
  await addOperatorTask(tx, {
    key: lowBalance,
    kind: 'payout_failed',
    sentence:
      "The balance at Stripe does not cover hosts' shares. They are tried again every hour; please add funds.",
  })
}

/** Nothing tries a failed share again before an operator does, so a second refusal opens their task again. */
function reportRefusal(tx: Tx, payout: PayoutRow, isAboutAccount: boolean): Promise<void> {
  const why = isAboutAccount ? ', although their account there is said to be in order' : ''
  return reopenOperatorTask(tx, {
    key: `payout_failed:${payout.bookingId}`,
    kind: 'payout_failed',
    bookingId: payout.bookingId,
    purchaseId: payout.purchaseId,
    hostId: payout.hostId,
    sentence:
      `Stripe refused to pay a host's share${why}. ` +
      "Please look at the host's account in Stripe, then try the payout again.",
  })
}
