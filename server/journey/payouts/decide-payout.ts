// Decides what to do now about the host's share of one booking. The decision is committed before Stripe is
// asked.
import type { Selectable } from 'kysely'
import type { Tx } from '../../db/client.ts'
import { enqueue } from '../../db/jobs.ts'
import { announce } from '../../db/live.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import { recordChanged } from '../../db/record-changes.ts'
import { readPlatformCountry } from '../../db/service-accounts.ts'
import type { Payouts } from '../../db/schema.generated.ts'
import { addHours, now } from '../../lib/time.ts'
import { type BookingRow, lockBooking } from '../bookings/change-booking.ts'
import { findCountry } from '../hosts/find-country.ts'
import { isPayableCountry } from './payable-country.ts'
import { owedFor } from './payout.ts'
import { reportUnpayable } from './report-unpayable.ts'

export type PayoutRow = Selectable<Payouts>

export type DecidedTransfer = {
  act: 'transfer'
  payout: PayoutRow
  /** An earlier try was refused or left no result: look the transfer up before sending another. */
  isRepeat: boolean
  /** False while payouts are paused or the host cannot be paid: then the transfer is only looked up. */
  mayCreate: boolean
  accountId: string
  chargeId: string
}
export type DecidedReversal = { act: 'reverse'; payout: PayoutRow; transferId: string }

/** Locks booking and payout and says what to do; undefined where there is nothing to do for now. */
export async function decidePayout(
  tx: Tx,
  bookingId: string,
  payoutDelayHours: number,
): Promise<DecidedTransfer | DecidedReversal | undefined> {
  const booking = await lockBooking(tx, bookingId)
  if (!booking || booking.state !== 'completed' || booking.hostCents === 0) return undefined
  const payout = (await lockPayout(tx, bookingId)) ?? (await openPayout(tx, booking, payoutDelayHours))
  if (!payout || payout.status === 'failed') return undefined
  const owedCents = owedFor(booking)
  if (payout.transferId) {
    const heldCents = payout.amountCents - payout.reversedCents
    return heldCents > owedCents ? { act: 'reverse', payout, transferId: payout.transferId } : undefined
  }
  if (payout.status === 'reversed') return undefined
  if (payout.status === 'paid_otherwise') {
    if (payout.amountCents > owedCents) await askBack(tx, payout)
    return undefined
  }
  if (!payout.triedAt && owedCents === 0) {
    await setPayout(tx, payout, { status: 'reversed' })
    return undefined
  }
  return decideTransfer(tx, booking, payout, owedCents)
}

/** No transfer can be reversed where the share was paid outside Stripe. */
function askBack(tx: Tx, payout: PayoutRow): Promise<void> {
  return addOperatorTask(tx, {
    key: `paid_otherwise:${payout.bookingId}`,
    kind: 'setup',
    bookingId: payout.bookingId,
    purchaseId: payout.purchaseId,
    hostId: payout.hostId,
    sentence:
      "A host's share was paid outside Stripe, and the member was refunded later. " +
      'Please settle the difference with the host.',
  })
}

async function decideTransfer(
  tx: Tx,
  booking: BookingRow,
  payout: PayoutRow,
  owedCents: number,
): Promise<DecidedTransfer | undefined> {
  const purchase = await tx
    .selectFrom('purchases')
    .select(['id', 'chargeId', 'feeCents'])
    .where('id', '=', booking.purchaseId)
    .executeTakeFirstOrThrow()
  const host = await tx
    .selectFrom('hosts')
    .select(['id', 'fullName', 'stripeAccountId', 'canBePaid', 'country', 'timeZone'])
    .where('id', '=', booking.hostId)
    .executeTakeFirstOrThrow()
  if (!host.stripeAccountId || !host.canBePaid) {
    await setPayout(tx, payout, { status: 'waiting_for_onboarding' })
    const country = findCountry(host)
    if (country && !isPayableCountry(await readPlatformCountry(tx), country))
      await reportUnpayable(tx, { ...host, country })
    if (!payout.triedAt || !host.stripeAccountId) return undefined
  } else if (payout.status !== 'scheduled' || booking.payoutStatus !== 'scheduled') {
    await setPayout(tx, payout, { status: 'scheduled' })
  }
  if (!purchase.chargeId) return undefined
  // A transfer cannot draw on the charge before the charge's balance transaction exists.
  if (purchase.feeCents === null) await enqueue(tx, 'follow-money', { purchaseId: purchase.id })
  const isPaused = purchase.feeCents === null || (await isPausedPurchase(tx, purchase.id))
  const mayCreate = !isPaused && host.canBePaid && payout.dueAt <= now()
  if (!mayCreate && !payout.triedAt) return undefined
  const amountCents = payout.triedAt ? payout.amountCents : owedCents
  if (!payout.triedAt)
    await tx
      .updateTable('payouts')
      .set({ triedAt: now(), amountCents })
      .where('bookingId', '=', booking.id)
      .execute()
  return {
    act: 'transfer',
    payout: { ...payout, amountCents },
    isRepeat: payout.triedAt !== null || payout.try > 1,
    mayCreate,
    accountId: host.stripeAccountId,
    chargeId: purchase.chargeId,
  }
}

/** Whether a dispute about the purchase is open, or a discrepancy of it waits for an operator. */
async function isPausedPurchase(tx: Tx, purchaseId: string): Promise<boolean> {
  const paused = await tx
    .selectFrom('pausedPurchases')
    .select('purchaseId')
    .where('purchaseId', '=', purchaseId)
    .executeTakeFirst()
  return paused !== undefined
}

export function lockPayout(tx: Tx, bookingId: string): Promise<PayoutRow | undefined> {
  return tx
    .selectFrom('payouts')
    .selectAll()
    .where('bookingId', '=', bookingId)
    .forUpdate()
    .executeTakeFirst()
}

async function openPayout(
  tx: Tx,
  booking: BookingRow,
  payoutDelayHours: number,
): Promise<PayoutRow | undefined> {
  const amountCents = owedFor(booking)
  if (amountCents === 0) {
    await setShownStatus(tx, booking.id, 'reversed')
    return undefined
  }
  const { currency } = await tx
    .selectFrom('purchases')
    .select('currency')
    .where('id', '=', booking.purchaseId)
    .executeTakeFirstOrThrow()
  return tx
    .insertInto('payouts')
    .values({
      bookingId: booking.id,
      hostId: booking.hostId,
      purchaseId: booking.purchaseId,
      amountCents,
      currency,
      status: 'scheduled',
      dueAt: addHours(booking.completedAt ?? now(), payoutDelayHours),
      createdAt: now(),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Changes a payout and the status that its booking shows. */
export async function setPayout(
  tx: Tx,
  payout: PayoutRow,
  change: Partial<
    Pick<PayoutRow, 'status' | 'failure' | 'triedAt' | 'try' | 'transferId' | 'paidAt' | 'reversedCents'>
  >,
): Promise<void> {
  await tx.updateTable('payouts').set(change).where('bookingId', '=', payout.bookingId).execute()
  await setShownStatus(tx, payout.bookingId, change.status ?? payout.status)
}

async function setShownStatus(
  tx: Tx,
  bookingId: string,
  payoutStatus: BookingRow['payoutStatus'],
): Promise<void> {
  const { hostId } = await tx
    .updateTable('bookings')
    .set({ payoutStatus })
    .where('id', '=', bookingId)
    .returning('hostId')
    .executeTakeFirstOrThrow()
  await recordChanged(tx, 'Presence Operations', bookingId)
  await announce(tx, { topics: ['host'], hostId })
  await announce(tx, { topics: ['ops'], forOperators: true })
}
