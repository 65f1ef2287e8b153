// Everything about one session, and what can still be done about it, with the consequence stated first.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { useNow } from '../words/clock.ts'
import { bookingQuery, useZone } from '../api/queries.ts'
import { isStillFree, positionText } from '../words/session-words.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button, buttonClass, ButtonLink } from '../ui/Button.tsx'
import { useIsOpen } from '../ui/Countdown.tsx'
import { Problem } from '../ui/Notice.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { ReportButton } from '../safety/ReportButton.tsx'
import { BookingFacts } from './BookingFacts.tsx'
import { type Ask, EndBooking } from './EndBooking.tsx'

export default function BookingSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const booking = useQuery(bookingQuery(id))
  if (booking.isPending)
    return (
      <Sheet title="Session" onClose={onClose}>
        <div className="skeleton h-40 rounded-card" />
      </Sheet>
    )
  if (!booking.data) {
    return (
      <Sheet title="Session" onClose={onClose}>
        <Problem error={booking.error} onRetry={() => void booking.refetch()} />
      </Sheet>
    )
  }
  return <Details booking={booking.data} onClose={onClose} />
}

function Details({ booking, onClose }: { booking: Booking; onClose: () => void }) {
  const zone = useZone()
  const now = useNow(10_000)
  const isOpen = useIsOpen(booking)
  const [ask, setAsk] = useState<Ask>()
  const isFree = isStillFree(booking, now)
  const hasStarted = booking.start !== null && Date.parse(booking.start) <= now.getTime()

  if (ask)
    return <EndBooking booking={booking} ask={ask} onKeep={() => setAsk(undefined)} onClose={onClose} />

  return (
    <Sheet
      title={booking.state === 'pending' ? 'Session to use' : 'Session'}
      onClose={onClose}
      footer={<Actions booking={booking} isOpen={isOpen} isFree={isFree} onClose={onClose} />}
    >
      <div className="flex items-center gap-4">
        <Avatar fullName={booking.host.fullName} photoUrl={booking.host.photoUrl} size="large" />
        <div>
          <p className="text-xl font-semibold tracking-[-0.015em]">{booking.host.fullName}</p>
          <p className="text-ink-soft">{positionText(booking)}</p>
        </div>
      </div>
      <BookingFacts booking={booking} zone={zone} now={now} isFree={isFree} hasStarted={hasStarted} />
      <div className="mt-6 -ml-3 flex flex-wrap gap-x-1">
        {booking.state === 'created' && (
          <a
            href={api.calendarFileUrl(booking.id)}
            download
            className={buttonClass('quiet', 'small', 'px-3')}
          >
            Add to my calendar
          </a>
        )}
        {booking.receiptUrl && (
          <a
            href={booking.receiptUrl}
            target="_blank"
            rel="noreferrer"
            className={buttonClass('quiet', 'small', 'px-3')}
          >
            Receipt
          </a>
        )}
        <Link to={`/receipts/${booking.purchaseId}`} className={buttonClass('quiet', 'small', 'px-3')}>
          Tax details
        </Link>
        {booking.state === 'pending' && booking.refundable && (
          <Button kind="quiet" size="small" className="px-3" onClick={() => setAsk('refund')}>
            Refund
          </Button>
        )}
        {booking.state === 'created' && !hasStarted && (
          <Button kind="quiet" size="small" className="px-3" onClick={() => setAsk('cancel')}>
            Cancel session
          </Button>
        )}
        {!booking.isBlocked && (
          <ReportButton about={{ bookingId: booking.id }} otherName={booking.host.fullName} />
        )}
      </div>
    </Sheet>
  )
}

type ActionsProps = { booking: Booking; isOpen: boolean; isFree: boolean; onClose: () => void }

function Actions({ booking, isOpen, isFree, onClose }: ActionsProps) {
  if (booking.state === 'pending')
    return <ButtonLink to={`/bookings/${booking.id}/schedule`}>Pick a time</ButtonLink>
  if (booking.state === 'created') {
    return (
      <>
        {isOpen && <ButtonLink to={`/video-session?booking=${booking.id}`}>Join session</ButtonLink>}
        {isFree && (
          <ButtonLink to={`/bookings/${booking.id}/schedule`} kind="secondary">
            Move to another time
          </ButtonLink>
        )}
        {!isOpen && !isFree && (
          <Button kind="secondary" onClick={onClose}>
            Close
          </Button>
        )}
      </>
    )
  }
  return (
    <>
      {!booking.isBlocked && <ButtonLink to={`/host-selection?first=${booking.host.id}`}>Rebook</ButtonLink>}
      {booking.state === 'completed' && !booking.reflection && (
        <ButtonLink to={`/?after=${booking.id}`} kind="secondary">
          Write a reflection
        </ButtonLink>
      )}
    </>
  )
}
