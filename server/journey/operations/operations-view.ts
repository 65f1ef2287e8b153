// What the API answers to operators: what waits for them, and a few counts.
import { z } from 'zod'
import { operatorTaskKinds } from '../../lib/operator-task.ts'
import { onboardingStatuses } from '../payouts/payout.ts'

const operatorTask = z.object({
  id: z.uuid(),
  kind: z.enum(operatorTaskKinds),
  /** 2 suggests danger, 1 is another report, 0 is anything else. */
  urgency: z.int(),
  sentence: z.string(),
  createdAt: z.iso.datetime(),
  bookingId: z.uuid().nullable(),
  purchaseId: z.uuid().nullable(),
  /** Whom it is about, as far as it is about somebody. */
  memberName: z.string().nullable(),
  hostName: z.string().nullable(),
  /** A report ended this session, and what becomes of it is to be decided. */
  hasEndedSession: z.boolean(),
  /** Whom to ask, where the task is about a session. */
  session: z
    .object({
      memberName: z.string(),
      memberNumber: z.string(),
      hostName: z.string(),
      hostNumber: z.string().nullable(),
      start: z.iso.datetime().nullable(),
    })
    .nullable(),
})
export type OperatorTask = z.infer<typeof operatorTask>

export const operationsView = z.object({
  /** Reports by urgency, those that wait longest first; then the newest. At most 200. */
  tasks: z.array(operatorTask),
  /** How many wait, of every kind that has any; the most first. */
  waiting: z.array(z.object({ kind: z.enum(operatorTaskKinds), count: z.int() })),
  /** Active and verified hosts whom members cannot book alone, or whom Stripe cannot pay; at most 50. */
  unreadyHosts: z.array(
    z.object({
      id: z.uuid(),
      fullName: z.string(),
      hasTimes: z.boolean(),
      canBePaid: z.boolean(),
      onboardingStatus: z.enum(onboardingStatuses),
      /** Named where Stripe cannot pay hosts of it from here. */
      unpayableCountry: z.string().nullable(),
    }),
  ),
  counts: z.object({
    hostsUnready: z.int(),
    membersTotal: z.int(),
    hostsActive: z.int(),
    purchasesPaid: z.int(),
    bookingsLive: z.int(),
    messagesWaiting: z.int(),
    jobsFailed: z.int(),
  }),
})
export type Operations = z.infer<typeof operationsView>
