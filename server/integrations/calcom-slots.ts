// A host's free starts at Cal.com, and their reservation.
import { z } from 'zod'
import { ProviderError } from '../lib/errors.ts'
import { type CalAccount, callCalcom, type CalcomClient, ownerOf, parseCalcom } from './calcom.ts'

const slotsAnswer = z.object({ data: z.record(z.string(), z.array(z.object({ start: z.string() }))) })

/**
 * The host's free starts between two moments. `movingUid` is a Cal.com booking that is about to move, so its
 * own time counts as free.
 */
export async function fetchCalSlots(
  calcom: CalcomClient,
  account: CalAccount,
  from: Date,
  to: Date,
  movingUid?: string,
): Promise<Date[]> {
  const query = new URLSearchParams({
    ...ownerOf(account),
    eventTypeSlug: account.eventSlug,
    start: from.toISOString(),
    end: to.toISOString(),
    timeZone: 'UTC',
    ...(movingUid ? { bookingUidToReschedule: movingUid } : {}),
  })
  const answer = await callCalcom(calcom, 'slots', 'GET', `/slots?${query}`)
  const days = parseCalcom(slotsAnswer, answer, false).data
  return Object.values(days)
    .flat()
    .map((slot) => new Date(slot.start))
    .sort((a, b) => a.getTime() - b.getTime())
}

const reservationAnswer = z.object({ data: z.object({ reservationUid: z.string().min(1) }) })

/** Reserves a start. Throws a ProviderError with status 422 where somebody else has it. */
export async function reserveCalSlot(
  calcom: CalcomClient,
  slot: { eventTypeId: number; start: Date; minutes: number },
): Promise<string> {
  const answer = await callCalcom(calcom, 'slots', 'POST', '/slots/reservations', {
    eventTypeId: slot.eventTypeId,
    slotStart: slot.start.toISOString(),
    reservationDuration: slot.minutes,
  })
  return parseCalcom(reservationAnswer, answer, true).data.reservationUid
}

/** Releases a reserved start. A reservation that has ended already counts as released. */
export async function releaseCalSlot(calcom: CalcomClient, reservationUid: string): Promise<void> {
  try {
    await callCalcom(calcom, 'slots', 'DELETE', `/slots/reservations/${encodeURIComponent(reservationUid)}`)
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return
    throw error
  }
}
