// A host moves a session to another of their free times.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useNavigate, useParams } from 'react-router'
import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { now } from '../words/clock.ts'
import { MoveTime } from '../bookings/MoveTime.tsx'
import { Page, FailedPage, PageSkeleton } from '../ui/Page.tsx'
import { firstName, midSentence, when } from '../words/format.ts'
import { bookingQuery, queryClient } from '../api/queries.ts'
import { hostLeadHours } from '../words/session-words.ts'

export default function HostMove() {
  const { id = '' } = useParams()
  const booking = useQuery(bookingQuery(id))
  if (booking.isPending) return <PageSkeleton />
  if (!booking.data?.start)
    return <FailedPage title="Move a session" error={booking.error} onRetry={() => void booking.refetch()} />
  return <One booking={booking.data} start={booking.data.start} />
}

function One({ booking, start }: { booking: Booking; start: string }) {
  const navigate = useNavigate()
  const zone = booking.host.timeZone
  const asked = useMemo(
    () => ({ hostId: booking.host.id, bookingId: booking.id }),
    [booking.host.id, booking.id],
  )
  const name = firstName(booking.member.fullName) || 'The member'
  const leadHours = hostLeadHours(booking)
  return (
    <Page
      title="Move a session"
      back={{ to: '/host', label: 'My sessions' }}
      width="roomy"
      lead={`${name} is expecting you ${midSentence(when(start, zone, now()))}. We text them the new time, and they can still cancel for nothing. It can be any time at least ${leadHours} hours from now.`}
    >
      <MoveTime
        booking={booking}
        asked={asked}
        timeZone={zone}
        leadHours={leadHours}
        move={(to) => api.moveAsHost(booking.id, to)}
        onMoved={async () => {
          await queryClient.invalidateQueries({ queryKey: ['host'] })
          void navigate('/host')
        }}
      />
    </Page>
  )
}
