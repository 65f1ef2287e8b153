// Moves a session to another time: for the host, and for the holder of the link of an SMS.
import { useMutation } from '@tanstack/react-query'
import type { SlotsOf } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { say } from '../ui/toasts.ts'
import { BookingCalendar } from './BookingCalendar.tsx'

type Props = {
  booking: Booking
  asked: SlotsOf
  timeZone: string
  /** A host may only choose times that leave the member the whole period of free changes. */
  leadHours?: number
  move: (start: string) => Promise<unknown>
  onMoved: () => Promise<unknown> | void
}

export function MoveTime({ booking, asked, timeZone, leadHours, move, onMoved }: Props) {
  const moving = useMutation({
    mutationFn: move,
    async onSuccess() {
      await onMoved()
      say('The session has moved')
    },
  })
  return (
    <BookingCalendar
      host={booking.host}
      asked={asked}
      timeZone={timeZone}
      leadHours={leadHours}
      validUntil={booking.validUntil}
      confirmLabel="Move it here"
      isBooking={moving.isPending}
      refusal={moving.error}
      onConfirm={(start) => moving.mutate(start)}
      otherHostsPath={undefined}
    />
  )
}
