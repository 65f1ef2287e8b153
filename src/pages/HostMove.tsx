// A host moves a session to another of their own free times.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useNavigate, useParams } from 'react-router'
import { api } from '../api.ts'
import type { Booking } from '../api-types.ts'
import { now } from '../clock.ts'
import { BookingCalendar } from '../components/BookingCalendar.tsx'
import { Page, FailedPage, PageSkeleton } from '../components/Page.tsx'
import { firstName, midSentence, when } from '../format.ts'
import { bookingQuery, queryClient } from '../queries.ts'
import { freeChangeHours } from '../session-words.ts'
import { say } from '../toasts.ts'

export default function HostMove() {
  const { id = '' } = useParams()
  const booking = useQuery(bookingQuery(id))
  if (booking.isPending) return <PageSkeleton />
  if (!booking.data?.start) return <FailedPage title="Move a session" error={booking.error} onRetry={() => void booking.refetch()} />
  return <One booking={booking.data} start={booking.data.start} />
}

function One({ booking, start }: { booking: Booking; start: string }) {
  const navigate = useNavigate()
  const zone = booking.host.timeZone
  const asked = useMemo(() => ({ hostId: booking.host.id, bookingId: booking.id }), [booking.host.id, booking.id])
  const move = useMutation({
    mutationFn: (to: string) => api.moveAsHost(booking.id, to),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['host'] })
      say('The session has moved')
      void navigate('/host')
    },
  })
  const name = firstName(booking.member.fullName) || 'The member'
  return (
    <Page
      title="Move a session"
      back={{ to: '/host', label: 'My sessions' }}
      width="roomy"
      lead={`${name} is expecting you ${midSentence(when(start, zone, now()))}. We text them the new time, and they can still cancel for nothing. Choose a time at least ${freeChangeHours({ ...booking, freeChangeUntil: booking.wasMovedByHost ? null : booking.freeChangeUntil })} hours from now.`}
    >
      <BookingCalendar
        host={booking.host}
        asked={asked}
        timeZone={zone}
        validUntil={booking.validUntil}
        confirmLabel="Move it here"
        isBooking={move.isPending}
        refusal={move.error}
        onConfirm={(to) => move.mutate(to)}
        otherHostsPath={undefined}
      />
    </Page>
  )
}
