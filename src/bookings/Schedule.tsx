import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { CalendarCheck2, CalendarClock, CircleCheck, Hourglass } from 'lucide-react'
import { useParams, useSearchParams } from 'react-router'
import { hasExpired } from '../../server/journey/bookings/booking.ts'
import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { now } from '../words/clock.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Booked } from './Booked.tsx'
import { BookingCalendar } from './BookingCalendar.tsx'
import { EndBooking } from './EndBooking.tsx'
import { ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Notice, Problem } from '../ui/Notice.tsx'
import { Page, PageSkeleton } from '../ui/Page.tsx'
import { firstName, midSentence, when } from '../words/format.ts'
import { bookingQuery, hostQuery, queryClient, useZone } from '../api/queries.ts'
import { freeChangeHours, isStillFree, outcomeText, positionText } from '../words/session-words.ts'

const home = { to: '/', label: 'My sessions' }

export default function Schedule() {
  const { id = '' } = useParams()
  const booking = useQuery(bookingQuery(id))
  if (booking.isPending) return <PageSkeleton />
  if (!booking.data) {
    return (
      <Page title="Pick a time" back={home}>
        <Problem
          error={booking.error}
          onRetry={() => void booking.refetch()}
          title="We can't show this session"
        />
      </Page>
    )
  }
  return <ScheduleOne key={id} booking={booking.data} />
}

function ScheduleOne({ booking }: { booking: Booking }) {
  const zone = useZone()
  const [parameters] = useSearchParams()
  // A single session may go to another host once its own cannot be met any more.
  const isHostOpen = booking.anyHost || !booking.host.isActive
  const wantedHostId =
    isHostOpen && booking.state === 'pending' ? (parameters.get('host') ?? booking.host.id) : booking.host.id
  const isOther = wantedHostId !== booking.host.id
  const { data: other } = useQuery({ ...hostQuery(wantedHostId), enabled: isOther })
  const host = isOther && other ? other : booking.host
  // Fixed at the first render: the booking becomes `created` as soon as it is booked here.
  const [isMove] = useState(booking.state === 'created')
  const [isRefunding, setRefunding] = useState(false)
  const book = useMutation({
    mutationFn: (start: string) =>
      isMove ? api.reschedule(booking.id, start) : api.schedule(booking.id, host.id, start),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['bookings'] }),
  })

  const asked = useMemo(() => ({ hostId: host.id, bookingId: booking.id }), [host.id, booking.id])
  const reserve = useMutation({ mutationFn: (start: string) => api.reserve(booking.id, host.id, start) })
  // Leaving the page releases the reserved start.
  useEffect(() => {
    const leave = () => api.letGo(booking.id)
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [booking.id])

  // Booked here, or meanwhile in another tab.
  if (book.data?.start)
    return (
      <Booked
        booking={booking.start === book.data.start ? booking : book.data}
        title={isMove ? 'Moved' : "You're booked"}
      />
    )
  if (booking.state === 'created' && !isMove && !book.isPending)
    return <Booked booking={booking} title="You're booked already" />
  if (booking.state === 'expired' || hasExpired(booking.state, new Date(booking.validUntil), now())) {
    return (
      <Page title="Pick a time" back={home}>
        <Card>
          <Notice
            icon={Hourglass}
            title="This session has expired"
            action={<ButtonLink to="/host-selection">Book another</ButtonLink>}
          >
            It could be used until {when(booking.validUntil, zone, now())}.
          </Notice>
        </Card>
      </Page>
    )
  }
  if (booking.state !== 'pending' && booking.state !== 'created') {
    return (
      <Page title="Pick a time" back={home}>
        <Card>
          <Notice
            icon={CalendarCheck2}
            title={booking.state === 'cancelled' ? 'This session was cancelled' : 'This session is over'}
            action={<ButtonLink to="/host-selection">Book another</ButtonLink>}
          >
            {outcomeText(booking)}.
          </Notice>
        </Card>
      </Page>
    )
  }
  if (isMove && !isStillFree(booking, now())) {
    return (
      <Page title="Move your session" back={home}>
        <Card>
          <Notice
            icon={CalendarClock}
            title="It's too late to move this one"
            action={<ButtonLink to="/">Back to my sessions</ButtonLink>}
          >
            It starts in less than {freeChangeHours(booking)} hours, and {firstName(booking.host.fullName)} is
            counting on you.
          </Notice>
        </Card>
      </Page>
    )
  }

  if (!isMove && !booking.host.isActive && !isOther)
    return (
      <Page title="Pick a time" back={home}>
        <Card>
          <Notice
            icon={CalendarClock}
            title="This session is yours to use"
            action={<ButtonLink to={`/host-selection?for=${booking.id}`}>Choose another host</ButtonLink>}
          >
            {firstName(booking.host.fullName)} can't be met with it any more. Choose another host, or take
            your money back under Details.
          </Notice>
        </Card>
      </Page>
    )
  const otherHostsPath = isHostOpen && !isMove ? `/host-selection?for=${booking.id}` : undefined
  return (
    <Page title={isMove ? 'Move your session' : 'Pick a time'} back={home} width="roomy">
      {parameters.get('paid') && !isMove && (
        <p
          role="status"
          className="rise mb-6 flex items-center gap-3 rounded-card bg-accent-soft px-5 py-4 font-medium
            text-accent-on-soft"
        >
          <CircleCheck className="size-5.5 shrink-0" aria-hidden="true" />
          <span>Payment received, thank you. Pick a time now, or come back to it later.</span>
        </p>
      )}
      <div className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="flex items-center gap-4">
          <Avatar fullName={host.fullName} photoUrl={host.photoUrl} />
          <div>
            <p className="text-lg leading-snug font-semibold tracking-[-0.015em]">{host.fullName}</p>
            <p className="text-[0.9375rem] leading-snug text-ink-faint">
              {positionText(booking)}
              <span className="block">
                {isMove ? 'Now' : 'Use by'}{' '}
                {midSentence(when((isMove && booking.start) || booking.validUntil, zone, now()))}
              </span>
            </p>
          </div>
        </div>
        {otherHostsPath && (
          <ButtonLink to={otherHostsPath} kind="secondary" size="small">
            Meet somebody else
          </ButtonLink>
        )}
      </div>
      <BookingCalendar
        key={host.id}
        host={host}
        asked={asked}
        onChoose={(start) => {
          book.reset()
          reserve.mutate(start)
        }}
        validUntil={booking.validUntil}
        confirmLabel={isMove ? 'Move it here' : 'Confirm this time'}
        isBooking={book.isPending}
        refusal={book.error ?? reserve.error}
        onConfirm={(start) => book.mutate(start)}
        otherHostsPath={otherHostsPath}
        onRefund={isMove ? undefined : () => setRefunding(true)}
      />
      {isRefunding && (
        <EndBooking
          booking={booking}
          ask="refund"
          onKeep={() => setRefunding(false)}
          onClose={() => setRefunding(false)}
        />
      )}
    </Page>
  )
}
