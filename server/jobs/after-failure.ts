// What becomes of a job that has failed for good. Every job says so, or the program does not compile.
import type { JobName, Jobs } from '../db/jobs.ts'
import type { NewOperatorTask } from '../db/operator-tasks.ts'
import type { ScheduledName } from './cron.ts'

type About = Pick<NewOperatorTask, 'bookingId' | 'purchaseId' | 'memberId' | 'hostId'>

/** This scheduled job starts it again, under another name where `as` says so. */
type Sweep = { after: 'sweep'; sweep: ScheduledName; as?: JobName }
/** An operator is told what was not done, and about whom. */
type Task<Name extends JobName> = { after: 'task'; undone: string; about: (payload: Jobs[Name]) => About }
type Harmless = { after: 'harmless'; because: string }

const nextOneIsScheduled = { after: 'harmless', because: 'The schedule makes the next one.' } as const
const reconciled = { after: 'sweep', sweep: 'reconcile' } as const
const ofBooking = ({ bookingId }: { bookingId: string }): About => ({ bookingId })
const ofNobody = (): About => ({})

export const afterFailure: { [Name in JobName]: Sweep | Task<Name> | Harmless } = {
  'handle-webhook': reconciled,
  'record-delivery': { ...reconciled, as: 'handle-webhook' },
  'confirm-purchase': reconciled,
  'book-calendar': reconciled,
  'set-meeting-place': {
    after: 'task',
    undone: "The entry in the host's Cal.com calendar does not lead to our session page.",
    about: ofBooking,
  },
  'clear-entry': reconciled,
  'give-session-back': reconciled,
  'release-slot': { after: 'harmless', because: 'Cal.com ends a reservation by itself after minutes.' },
  'mark-absent': {
    after: 'task',
    undone: 'Cal.com could not be told who did not come to a session.',
    about: ({ memberId }) => ({ memberId }),
  },
  'refresh-slots': nextOneIsScheduled,
  'check-calcoms': nextOneIsScheduled,
  'follow-calendars': nextOneIsScheduled,
  'pull-calendar': { after: 'sweep', sweep: 'pull-calendars' },
  'pull-calendars': nextOneIsScheduled,
  'prepare-room': reconciled,
  'daily-create-room': reconciled,
  'close-room': reconciled,
  'settle-session': reconciled,
  'complete-attendance': {
    after: 'task',
    undone: 'When people left this session could not be read from the video provider.',
    about: ofBooking,
  },
  'expire-booking': reconciled,
  'warn-expiry': {
    after: 'task',
    undone: 'The member could not be warned that this session expires.',
    about: ofBooking,
  },
  'remind-inactive': {
    after: 'task',
    undone: 'A member who has not come back could not be reminded of unused sessions.',
    about: ({ purchaseId }) => ({ purchaseId }),
  },
  'send-message': {
    after: 'task',
    undone: 'An SMS could not be sent.',
    about: ({ bookingId, purchaseId, memberId, hostId }) => ({
      ...(bookingId ? { bookingId } : {}),
      ...(purchaseId ? { purchaseId } : {}),
      ...(memberId ? { memberId } : {}),
      ...(hostId ? { hostId } : {}),
    }),
  },
  'pay-host': reconciled,
  'send-refund': reconciled,
  'follow-money': { after: 'sweep', sweep: 'reconcile-money' },
  'reconcile-money': nextOneIsScheduled,
  'end-obligations': reconciled,
  'erase-person': reconciled,
  'erase-copies': reconciled,
  'write-records': {
    after: 'task',
    undone: 'Changes could not be written to Airtable for a long time. They wait, and are tried again.',
    about: ofNobody,
  },
  'read-hosts': nextOneIsScheduled,
  'register-webhooks': {
    after: 'task',
    undone: 'The webhooks at Stripe or Airtable could not be set up.',
    about: ofNobody,
  },
  'check-connections': nextOneIsScheduled,
  reconcile: nextOneIsScheduled,
}
