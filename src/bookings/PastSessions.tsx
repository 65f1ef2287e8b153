import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { now } from '../words/clock.ts'
import { day, timeOfDay } from '../words/format.ts'
import { useZone } from '../api/queries.ts'
import { outcomeText, planNames, refundText } from '../words/session-words.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button, buttonClass, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'

const shownAtFirst = 5

export function PastSessions({
  bookings,
  onDetails,
}: {
  bookings: Booking[]
  onDetails: (booking: Booking) => void
}) {
  const [isWhole, setWhole] = useState(false)
  const zone = useZone()
  const shown = isWhole ? bookings : bookings.slice(0, shownAtFirst)
  return (
    <>
      <Card>
        <ul className="divide-y divide-line">
          {shown.map((booking) => (
            <li key={booking.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-4 sm:px-6">
              <Avatar fullName={booking.host.fullName} photoUrl={booking.host.photoUrl} size="small" />
              <button
                type="button"
                onClick={() => onDetails(booking)}
                className="-my-1 min-h-11 min-w-0 flex-1 basis-[calc(100%-4rem)] rounded-lg py-1 text-left
                  sm:basis-0"
              >
                <span className="block font-semibold">{booking.host.fullName}</span>
                <span className="block text-[0.9375rem] text-ink-faint">
                  {booking.start
                    ? `${day(booking.start, zone, now())}, ${timeOfDay(booking.start, zone)}`
                    : planNames[booking.plan]}{' '}
                  · {outcomeText(booking)}
                </span>
                {booking.state !== 'cancelled' && booking.refundStatus && (
                  <span className="block text-[0.9375rem] text-ink-faint">{refundText(booking)}</span>
                )}
              </button>
              <div className="flex flex-1 justify-end gap-1.5 sm:flex-none">
                {booking.receiptUrl && (
                  <a
                    href={booking.receiptUrl}
                    target="_blank"
                    rel="noreferrer"
                    className={buttonClass('quiet', 'small')}
                    aria-label={`Receipt for the session with ${booking.host.fullName}`}
                  >
                    Receipt
                  </a>
                )}
                {!booking.isBlocked && (
                  <ButtonLink
                    to={`/host-selection?first=${booking.host.id}`}
                    kind="secondary"
                    size="small"
                    aria-label={`Rebook with ${booking.host.fullName}`}
                  >
                    <RotateCcw aria-hidden="true" /> Rebook
                  </ButtonLink>
                )}
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {bookings.length > shown.length && (
        <Button kind="quiet" size="small" className="mt-2" onClick={() => setWhole(true)}>
          Show all {bookings.length}
        </Button>
      )}
    </>
  )
}
