import type { SandboxContext } from '../core/provider.ts'
import { testCard, type CardInput } from './cards.ts'
import { unset } from './documents.ts'
import { newId, randomText } from './ids.ts'
import type { Metadata } from './metadata.ts'

export type PaymentMethod = ReturnType<typeof newPaymentMethod>

export const billingDetails = (card: CardInput) => ({
  address: { city: unset<string>(), country: card.country as string | null, line1: unset<string>(), line2: unset<string>(),
    postal_code: unset<string>(), state: unset<string>() },
  email: card.email as string | null,
  name: card.name as string | null,
  phone: unset<string>(),
  tax_id: unset<string>(),
})

export const newPaymentMethod = (ctx: SandboxContext, card: CardInput) => ({
  id: newId('pm'),
  object: 'payment_method' as const,
  allow_redisplay: 'limited' as const,
  billing_details: billingDetails(card),
  card: {
    brand: testCard(card.cardNumber).brand,
    checks: { address_line1_check: unset<string>(), address_postal_code_check: unset<string>(), cvc_check: 'pass' },
    // Real test cards are mostly American; here every card is one of the sandbox's own country, for the domestic fee.
    country: 'AU',
    display_brand: testCard(card.cardNumber).brand,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    fingerprint: randomText(16),
    funding: testCard(card.cardNumber).funding ?? 'credit',
    generated_from: unset<never>(),
    last4: card.cardNumber.slice(-4),
    networks: { available: [testCard(card.cardNumber).brand], preferred: unset<string>() },
    regulated_status: 'unregulated' as const,
    three_d_secure_usage: { supported: true },
    wallet: unset<never>(),
  },
  created: ctx.clock.seconds(),
  customer: unset<string>(),
  customer_account: unset<string>(),
  livemode: false as const,
  metadata: {} as Metadata,
  type: 'card' as const,
})
