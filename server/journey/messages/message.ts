// An SMS to one person, as rules.

/** `dropped` means no longer true or useful when its turn came; the others say how far it got at Twilio. */
export const messageStatuses = ['waiting', 'sent', 'delivered', 'undelivered', 'failed', 'dropped'] as const
export type MessageStatus = (typeof messageStatuses)[number]
