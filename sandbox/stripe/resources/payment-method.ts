import type { SandboxContext } from '../../core/provider.ts'
import { collection, unset } from '../wire/documents.ts'
import { newId, randomText } from '../wire/ids.ts'
import type { Metadata } from '../wire/metadata.ts'
import { testCard, type CardInput } from './test-cards.ts'

/** Who pays, as typed on the checkout page. */
export type Payer = { name: string; email: string; country: string }
export type PaymentMethod = ReturnType<typeof newPaymentMethod>
export const paymentMethods = collection<PaymentMethod>({
  object: 'payment_method',
  prefix: 'pm',
})

export const billingDetails = ({ name, email, country }: Payer) => ({
  address: {
    city: unset<string>(),
    country: country as string | null,
    line1: unset<string>(),
    line2: unset<string>(),
    postal_code: unset<string>(),
    state: unset<string>(),
  },
  email: email as string | null,
  name: name as string | null,
  phone: unset<string>(),
  tax_id: unset<string>(),
})

const cardFacts = (card: CardInput) => ({
  brand: testCard(card.cardNumber).brand,
  checks: {
    address_line1_check: unset<string>(),
    address_postal_code_check: unset<string>(),
    cvc_check: 'pass',
  },
  // The real test cards are mostly American; here all are Australian, for the domestic fee.
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
})

/** A card, or an Australian bank account (BECS Direct Debit), which confirms days later. */
export const newPaymentMethod = (ctx: SandboxContext, payer: Payer, card?: CardInput) => ({
  id: newId('pm'),
  object: 'payment_method' as const,
  allow_redisplay: 'limited' as const,
  billing_details: billingDetails(payer),
  ...(card && { card: cardFacts(card) }),
  ...(!card && { au_becs_debit: { bsb_number: '000000', fingerprint: randomText(16), last4: '3456' } }),
  created: ctx.clock.seconds(),
  customer: unset<string>(),
  customer_account: unset<string>(),
  livemode: false as const,
  metadata: {} as Metadata,
  type: card ? ('card' as const) : ('au_becs_debit' as const),
})
