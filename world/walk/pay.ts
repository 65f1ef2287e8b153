import type { Host } from '../../server/journey/hosts/host-view.ts'
import type { Checkout, Purchase } from '../../server/journey/purchases/purchase-view.ts'
import type { Settings } from '../../server/http/settings-view.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { expect } from '../checklist.ts'
import { moveClock, payCheckout, rowOf, stripeOf } from '../outside.ts'
import { waitFor } from '../person.ts'
import { smsWith, type Walk } from './walk.ts'

const phase = 'Phase 2, payment'

export async function pay(
  { world, check, member, silence }: Walk,
  host: Host,
): Promise<{ purchaseId: string; bookingId: string }> {
  const stripe = stripeOf(world)
  const { purchaseId, checkoutId } = await check(
    phase,
    'the Stripe modal opens with the right plan',
    async () => {
      const started = await member.ask<Checkout>('POST', '/api/checkout', { plan: 'Adhoc', hostId: host.id })
      const sessions = await stripe.checkout.sessions.list({ limit: 100 })
      const checkout = sessions.data.find((one) => one.client_reference_id === started.purchaseId)
      expect(checkout !== undefined, 'Stripe knows no checkout of this purchase')
      const { metadata } = checkout
      expect(
        checkout.ui_mode === 'embedded_page' && checkout.amount_total === 1800 && checkout.currency === 'aud',
        'not an embedded checkout of AUD 18.00',
      )
      expect(
        metadata?.['plan_type'] === 'Adhoc' && Boolean(metadata['member_id']) && Boolean(metadata['host_id']),
        'metadata is missing',
      )
      const { stripeJsUrl } = await member.ask<Settings>('GET', '/api/settings')
      expect((await fetch(stripeJsUrl)).ok, 'the script of the payment page does not load')
      return { purchaseId: started.purchaseId, checkoutId: checkout.id, amount: '18.00 AUD', metadata }
    },
  )
  const { bookingId } = await check(phase, 'payment creates the Presence Operation', async () => {
    await payCheckout(world, checkoutId)
    if (silence.isStripeSilent) await moveClock(world, { advanceMs: 3 * minuteMs })
    const purchase = await waitFor('the paid purchase', async () => {
      const now = await member.ask<Purchase>('GET', `/api/purchases/${purchaseId}`)
      return now.status === 'paid' && now
    })
    expect(
      purchase.bookingIds.length === 1,
      `an Adhoc purchase grants ${purchase.bookingIds.length} sessions`,
    )
    const row = await waitFor('the Presence Operation', () =>
      rowOf(world, 'Presence Operations', purchase.bookingIds[0]!),
    )
    const { fields } = row
    expect(
      fields['Booking Status'] === 'Pending' && fields['Payment Status'] === 'Completed',
      'the row does not say Pending and Completed',
    )
    expect(
      fields['Host Share (AUD)'] === 12.06 && fields['Presence Share (AUD)'] === 5.94,
      'the shares are not 12.06 and 5.94',
    )
    return {
      bookingId: purchase.bookingIds[0]!,
      airtableRecord: row.id,
      amount: fields['Amount (AUD)'],
      hostShare: 12.06,
      presenceShare: 5.94,
      transaction: fields['Transaction ID'],
    }
  })
  await check(phase, 'the confirmation SMS is sent', async () => {
    const sms = await smsWith(member, 'the payment confirmation', 1, '18.00')
    return { to: sms.to, sms: sms.body }
  })
  return { purchaseId, bookingId }
}
