// The relevant test cards of https://docs.stripe.com/testing. Test mode declines any other number.
export type Decline = { code: string; decline_code?: string; message: string }
export type TestCard = {
  brand: 'visa' | 'mastercard' | 'amex'
  funding?: 'debit'
  decline?: Decline
  needsAuthentication?: true
  /** A dispute with this reason follows. */
  disputeReason?: 'fraudulent' | 'product_not_received'
  /** The money skips the pending balance. */
  isAvailableAtOnce?: true
  /** How a refund ends, a little later. */
  refundEnds?: 'succeeded_late' | 'failed_late'
}

const declined = (declineCode: string, message = 'Your card was declined.'): TestCard => ({
  brand: 'visa',
  decline: { code: 'card_declined', decline_code: declineCode, message },
})
const refused = (code: string, message: string): TestCard => ({ brand: 'visa', decline: { code, message } })

const testCards: Record<string, TestCard> = {
  4242424242424242: { brand: 'visa' },
  4000000360000006: { brand: 'visa' },
  4000056655665556: { brand: 'visa', funding: 'debit' },
  5555555555554444: { brand: 'mastercard' },
  378282246310005: { brand: 'amex' },
  4000000000000077: { brand: 'visa', isAvailableAtOnce: true },
  4000000000000002: declined('generic_decline'),
  4000000000009995: declined('insufficient_funds', 'Your card has insufficient funds.'),
  4000000000009987: declined('lost_card'),
  4000000000009979: declined('stolen_card'),
  4000000000000069: refused('expired_card', 'Your card has expired.'),
  4000000000000127: refused('incorrect_cvc', "Your card's security code is incorrect."),
  4000000000000119: refused(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
  ),
  4000002500003155: { brand: 'visa', needsAuthentication: true },
  4000002760003184: { brand: 'visa', needsAuthentication: true },
  4000000000003220: { brand: 'visa', needsAuthentication: true },
  4000008400001629: { ...declined('generic_decline'), needsAuthentication: true },
  4000000000000259: { brand: 'visa', disputeReason: 'fraudulent' },
  4000000000002685: { brand: 'visa', disputeReason: 'product_not_received' },
  4000000000007726: { brand: 'visa', refundEnds: 'succeeded_late' },
  4000000000005126: { brand: 'visa', refundEnds: 'failed_late' },
}

const realCard = declined(
  'test_mode_live_card',
  'Your card was declined. Your request was in test mode, but used a non test card. ' +
    'For a list of valid test cards, visit: https://stripe.com/docs/testing.',
)

/** How a card with this number behaves; digits only. */
export const testCard = (number: string): TestCard => testCards[number] ?? realCard

export type CardInput = {
  cardNumber: string
  expMonth: number
  expYear: number
  cvc: string
  name: string
  email: string
  country: string
}

/** Stripe's refusal of an impossible card, before any bank is asked. */
export function cardMistake(card: CardInput, now: Date): (Decline & { param: string }) | undefined {
  const { cardNumber, expMonth, expYear, cvc } = card
  if (!/^\d{13,19}$/.test(cardNumber) || !passesLuhn(cardNumber)) {
    return { code: 'incorrect_number', message: 'Your card number is invalid.', param: 'number' }
  }
  if (!(expMonth >= 1 && expMonth <= 12)) {
    return {
      code: 'invalid_expiry_month',
      message: "Your card's expiration month is invalid.",
      param: 'exp_month',
    }
  }
  if (expYear < now.getUTCFullYear() || expYear > now.getUTCFullYear() + 50) {
    return {
      code: 'invalid_expiry_year',
      message: "Your card's expiration year is invalid.",
      param: 'exp_year',
    }
  }
  if (expYear === now.getUTCFullYear() && expMonth < now.getUTCMonth() + 1) {
    return {
      code: 'invalid_expiry_month',
      message: "Your card's expiration month is invalid.",
      param: 'exp_month',
    }
  }
  if (!(testCard(cardNumber).brand === 'amex' ? /^\d{3,4}$/ : /^\d{3}$/).test(cvc)) {
    return { code: 'invalid_cvc', message: "Your card's security code is invalid.", param: 'cvc' }
  }
  return undefined
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
