import { useQuery } from '@tanstack/react-query'
import { CalendarHeart, Plus } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useSearchParams } from 'react-router'
import type { Bookings } from '../../server/journey/bookings/booking-view.ts'
import { now } from '../words/clock.ts'
import { ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { LikeBanners } from './LikeBanners.tsx'
import { Notice, Problem } from '../ui/Notice.tsx'
import { Page, Section } from '../ui/Page.tsx'
import { PastSessions } from './PastSessions.tsx'
import { SessionCard } from './SessionCard.tsx'
import { UnusedSessions } from './UnusedSessions.tsx'
import { firstName, hourIn, zoneLabel } from '../words/format.ts'
import { bookingsQuery, likesQuery, useMe, useZone } from '../api/queries.ts'

const BookingSheet = lazy(() => import('./BookingSheet.tsx'))
const RatingModal = lazy(() => import('../ratings/RatingModal.tsx'))

function greeting(zone: string): string {
  const hour = hourIn(now(), zone)
  if (hour < 5) return 'Hello'
  return hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening'
}

export default function MemberDashboard() {
  const { data: me } = useMe()
  const zone = useZone()
  const bookings = useQuery(bookingsQuery)
  // The page waits for what stands on top, so that nothing moves; failed likes do not delay it.
  const likes = useQuery(likesQuery)
  const isWaiting = bookings.isPending || (likes.isPending && likes.failureCount === 0)
  const [parameters, setParameters] = useSearchParams()
  const open = (name: string, id: string) => setParameters({ [name]: id })
  const close = () => setParameters({}, { replace: true })
  const sheetId = parameters.get('session')
  const afterId = parameters.get('after')

  return (
    <Page
      title={`${greeting(zone)}, ${firstName(me?.member?.fullName ?? '')}`}
      lead={`Times are in ${zoneLabel(zone, now())}.`}
      aside={
        <ButtonLink to="/host-selection">
          <Plus aria-hidden="true" /> Book a session
        </ButtonLink>
      }
    >
      {!isWaiting && <LikeBanners />}
      {isWaiting || bookings.isPending ? (
        <div role="status" aria-label="Loading your sessions" className="grid gap-4">
          <div className="skeleton h-44 rounded-card" />
          <div className="skeleton h-36 rounded-card" />
        </div>
      ) : bookings.isError && !bookings.data ? (
        <Problem
          error={bookings.error}
          onRetry={() => void bookings.refetch()}
          title="Your sessions didn't load"
        />
      ) : (
        <Sessions {...bookings.data} onDetails={(id) => open('session', id)} />
      )}
      <Suspense fallback={null}>
        {sheetId && <BookingSheet id={sheetId} onClose={close} />}
        {afterId && <RatingModal bookingId={afterId} onClose={close} />}
      </Suspense>
    </Page>
  )
}

function Sessions({ upcoming, unused, past, onDetails }: Bookings & { onDetails: (id: string) => void }) {
  if (upcoming.length + unused.length + past.length === 0) {
    return (
      <Card>
        <Notice
          icon={CalendarHeart}
          title="Your first conversation"
          action={<ButtonLink to="/host-selection">Meet the hosts</ButtonLink>}
        >
          Choose somebody you would like to talk to. Ten minutes, on video, at a time that suits you.
        </Notice>
      </Card>
    )
  }
  return (
    <>
      {upcoming.length > 0 && (
        <Section title="Upcoming">
          <ul className="grid gap-4">
            {upcoming.map((booking, index) => (
              <li key={booking.id}>
                <SessionCard booking={booking} isNext={index === 0} onDetails={() => onDetails(booking.id)} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {unused.length > 0 && (
        <Section title="Ready to use">
          <UnusedSessions bookings={unused} onDetails={(booking) => onDetails(booking.id)} />
        </Section>
      )}
      {upcoming.length + unused.length === 0 && (
        <Card className="mb-11">
          <Notice
            icon={CalendarHeart}
            title="Nothing planned"
            action={<ButtonLink to="/host-selection">Book a session</ButtonLink>}
          >
            Whenever you feel like talking, somebody is here.
          </Notice>
        </Card>
      )}
      {past.length > 0 && (
        <Section title="Past">
          <PastSessions bookings={past} onDetails={(booking) => onDetails(booking.id)} />
        </Section>
      )}
    </>
  )
}
