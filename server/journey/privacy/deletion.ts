// Deleting an account, as rules. The law keeps what was paid; everything else goes.

/** So long a deletion can be undone, by signing in again. */
export const undoDays = 14

/** Why an account that is due is not erased yet: its money or its sessions are not settled. */
export const obstacles = {
  session: 'a session of theirs is not over',
  refund: 'a payment or a refund of theirs is not settled',
  dispute: 'a payment is disputed at the bank',
  earnings: 'their share of a session has not been paid out',
  suspended: 'they are suspended',
} as const
export type Obstacle = keyof typeof obstacles

/** The services that hold a copy, each with its words. */
export const copies = {
  airtable_member: "the member's row in Airtable",
  airtable_host: "the host's row in Airtable",
  stripe_customer: 'the customer at Stripe',
  stripe_account: 'the account at Stripe',
  twilio_message: 'a text message at Twilio',
  calcom_attendee: 'the attendee of a session at Cal.com',
} as const
export type CopyService = keyof typeof copies
