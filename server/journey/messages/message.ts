// An SMS to one person, as rules.

/** `dropped` means no longer true or useful when its turn came; the others say how far it got at Twilio. */
export const messageStatuses = ['waiting', 'sent', 'delivered', 'undelivered', 'failed', 'dropped'] as const
export type MessageStatus = (typeof messageStatuses)[number]

/** About one person's own matters. Every other one is about two, and dropped once they are kept apart. */
const aboutOne: readonly string[] = [
  'Payment Confirmation',
  'Pack Expiring',
  'Welcome',
  'Inactive 48h Reminder',
  'Holiday Message',
  'Report Alert',
  'Report Decided',
  'Account Deletion',
  'Number Changed',
  'Host Number Changed',
]
/** Said also about two who are kept apart: that their session does not take place. */
const aboutTheEnd: readonly string[] = ['Session Cancelled', 'Session Ended']

/** Sent only to members who want news and offers. */
const marketing: readonly string[] = ['Holiday Message']

export function isMarketing(template: string): boolean {
  return marketing.includes(template)
}

export function isAboutTwo(template: string): boolean {
  return !aboutOne.includes(template)
}

/** Whether a message of two who are kept apart may still be sent. */
export function mayBeSentApart(template: string): boolean {
  return !isAboutTwo(template) || aboutTheEnd.includes(template)
}
