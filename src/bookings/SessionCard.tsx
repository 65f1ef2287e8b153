import { Video } from 'lucide-react'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { now } from '../words/clock.ts'
import { timeOfDay, day } from '../words/format.ts'
import { useZone } from '../api/queries.ts'
import { positionText } from '../words/session-words.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Countdown, useIsOpen } from '../ui/Countdown.tsx'

/** An upcoming session. "Join session" appears by itself when the room opens. */
export function SessionCard({
  booking,
  onDetails,
  isNext,
}: {
  booking: Booking
  onDetails: () => void
  isNext: boolean
}) {
  const zone = useZone()
  const isOpen = useIsOpen(booking)
  if (!booking.start) return null
  return (
    <Card className={`p-5 sm:p-6 ${isOpen ? 'border-accent/60 ring-1 ring-accent/50' : ''}`}>
      <div className="flex items-center gap-4">
        <Avatar
          fullName={booking.host.fullName}
          photoUrl={booking.host.photoUrl}
          size={isNext ? 'large' : 'medium'}
        />
        <div className="min-w-0 flex-1">
          <p
            className={`font-semibold tracking-[-0.015em] ${isNext ? 'text-[1.375rem] leading-tight' : 'text-lg leading-snug'}`}
          >
            {day(booking.start, zone, now())}, {timeOfDay(booking.start, zone)}
          </p>
          <p className="text-ink-soft">with {booking.host.fullName}</p>
          <p className="mt-0.5 text-[0.9375rem] text-ink-faint">
            <Countdown session={booking} zone={zone} />
          </p>
        </div>
      </div>
      {booking.calendarStatus === 'confirming' && (
        <p className="mt-4 text-[0.9375rem] text-ink-faint">Confirming with the host's calendar…</p>
      )}
      {booking.hasOtherStoppedTexts && (
        <p className="mt-4 text-[0.9375rem] text-ink-faint">
          {booking.host.fullName} gets no text messages from us just now, and hears of changes only here.
        </p>
      )}
      <div className="mt-5 flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <p className="text-[0.9375rem] text-ink-faint">{positionText(booking)}</p>
        <div className="flex flex-1 justify-end gap-2.5 sm:flex-none" aria-live="polite">
          <Button
            kind="secondary"
            size="small"
            onClick={onDetails}
            aria-label={`Details of the session with ${booking.host.fullName}`}
          >
            Details
          </Button>
          {isOpen && (
            <ButtonLink
              to={`/video-session?booking=${booking.id}`}
              size="small"
              className="flex-1 sm:flex-none"
            >
              <Video aria-hidden="true" /> Join session
            </ButtonLink>
          )}
        </div>
      </div>
    </Card>
  )
}
