// A time is booked, or about to be: what happens next, and the next session of a pack.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { firstName } from '../words/format.ts'
import { bookingsQuery, useZone } from '../api/queries.ts'
import { buttonClass, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Page } from '../ui/Page.tsx'
import { SessionHead } from './SessionHead.tsx'

export function Booked({ booking, title }: { booking: Booking; title: string }) {
  const zone = useZone()
  const { data: bookings } = useQuery(bookingsQuery)
  const others =
    bookings?.unused.filter((one) => one.purchaseId === booking.purchaseId && one.id !== booking.id) ?? []
  const next = others[0]
  // The button that was pressed is gone with the calendar, so keyboard focus moves here.
  const card = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) card.current?.focus()
  }, [])
  if (!booking.start) return null
  const isWaiting = booking.calendarStatus === 'confirming'
  return (
    <Page title={isWaiting ? 'Almost booked' : title} back={{ to: '/', label: 'My sessions' }} width="narrow">
      <Card ref={card} tabIndex={-1} className="rise p-6 sm:p-8">
        <SessionHead
          start={booking.start}
          timeZone={zone}
          other={booking.host.fullName}
          photoUrl={booking.host.photoUrl}
          role="status"
        />
        <p className="mt-6 text-ink-soft">
          {isWaiting
            ? `${firstName(booking.host.fullName)}'s calendar is still confirming this time, and nobody else can take it meanwhile. We'll text you as soon as it's certain; you needn't wait here.`
            : "We've sent you a text message with the time. We'll send another 15 minutes before, when the room opens."}
        </p>
        <div className="mt-6 flex flex-col gap-3 sm:flex-row">
          <ButtonLink to="/" className="flex-1">
            Go to my sessions
          </ButtonLink>
          {!isWaiting && (
            <a
              href={api.calendarFileUrl(booking.id)}
              download
              className={buttonClass('secondary', 'normal', 'flex-1')}
            >
              Add to calendar
            </a>
          )}
        </div>
      </Card>
      {next && (
        <div
          className="mt-5 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-card
            bg-accent-soft px-6 py-5
            text-accent-on-soft"
        >
          <p className="font-medium">
            You have {others.length === 1 ? 'one more session' : `${others.length} more sessions`} in your
            pack.
          </p>
          <ButtonLink to={`/bookings/${next.id}/schedule`} size="small">
            Pick the next time
          </ButtonLink>
        </div>
      )}
    </Page>
  )
}
