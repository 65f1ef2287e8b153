// Every text message that there is, in words for the people who get it.
import type { TemplateName } from './default-templates.ts'

/** Who gets it, and when. In-app texts and those for operators are no text messages to a person. */
export const messageKinds: Record<TemplateName, { to: 'member' | 'host' | 'both'; when: string } | null> = {
  'Payment Confirmation': { to: 'member', when: 'When you have paid' },
  'Booking Confirmation': { to: 'both', when: 'When a session is booked' },
  'Session Reminder': { to: 'both', when: 'A quarter of an hour before a session' },
  'Session Thank You': { to: 'member', when: 'After a session' },
  'Pre-Session Prompt': null,
  'Conversation Starter': null,
  'Post-Session Reflection': null,
  'Host Liked You': { to: 'member', when: 'When a host likes you' },
  'Mutual Like': { to: 'member', when: 'When you and a host like each other' },
  'Pack Expiring': { to: 'member', when: 'A day before an unused session expires' },
  'Session Cancelled': { to: 'both', when: 'When a session is cancelled' },
  'Session Ended': { to: 'both', when: 'When we end a session' },
  'Session Moved': { to: 'both', when: 'When a session moves' },
  'Report Alert': null,
  'Report Decided': { to: 'both', when: 'When we have decided about a report' },
  'Host No-Show': { to: 'member', when: 'When a host does not come' },
  Welcome: { to: 'member', when: 'When you join' },
  'Inactive 48h Reminder': { to: 'member', when: 'When sessions you paid for stay unused' },
  'Holiday Message': { to: 'member', when: 'News and offers, a few times a year' },
  'Account Deletion': { to: 'both', when: 'When you delete your account' },
  'Number Changed': { to: 'both', when: 'When your number changes' },
  'Host Number Changed': { to: 'host', when: 'When another number is given for you' },
}
