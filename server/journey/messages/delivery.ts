// What Twilio's status callbacks say about how far an SMS got.
import { z } from 'zod'

const finalStatuses = ['delivered', 'undelivered', 'failed'] as const
export type FinalStatus = (typeof finalStatuses)[number]

export type Delivery = { twilioSid: string; status: FinalStatus; errorCode: string | null }

/** Twilio's status as one of ours; undefined while the SMS is on its way, which is no news. */
export function finalStatusOf(status: string): FinalStatus | undefined {
  switch (status) {
    case 'delivered':
    case 'undelivered':
    case 'failed':
      return status
    case 'read':
      return 'delivered'
    default:
      return undefined // queued, sending, sent, accepted, scheduled
  }
}

const callback = z.object({
  MessageSid: z.string().optional(),
  SmsSid: z.string().optional(),
  MessageStatus: z.string().optional(),
  ErrorCode: z.string().optional(),
})

/** What a stored status callback says; undefined where it is no news. */
export function readDelivery(payload: unknown): Delivery | undefined {
  const { data } = callback.safeParse(payload)
  const twilioSid = data?.MessageSid ?? data?.SmsSid
  const status = finalStatusOf(data?.MessageStatus ?? '')
  return twilioSid && status ? { twilioSid, status, errorCode: data?.ErrorCode ?? null } : undefined
}
