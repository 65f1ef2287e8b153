import { CalendarPlus, Ticket } from 'lucide-react'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { useNow } from '../words/clock.ts'
import { useZone } from '../api/queries.ts'
import { expiryText } from '../words/session-words.ts'
import { Button, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'

/**
 * Paid sessions without a time, one card per purchase. A session that a host
 * returned has its own validity and offer.
 */
export function UnusedSessions({
  bookings,
  onDetails,
}: {
  bookings: Booking[]
  onDetails: (booking: Booking) => void
}) {
  const zone = useZone()
  const now = useNow(30_000)
  const cards = Map.groupBy(
    bookings,
    (booking) => `${booking.purchaseId} ${booking.validUntil} ${booking.isRefundOffered}`,
  )
  return (
    <ul className="grid gap-4">
      {[...cards].map(([key, left]) => {
        const next = left[0]!
        const { text, isUrgent } = expiryText(next.validUntil, zone, now)
        const isPack = next.sessionsInPurchase > 1
        return (
          <li key={key}>
            <Card className="p-5 sm:p-6">
              <div className="flex items-center gap-4">
                <span
                  className="grid size-14 shrink-0 place-items-center rounded-full bg-accent-soft
                  text-accent-on-soft"
                >
                  <Ticket className="size-6.5" strokeWidth={1.75} aria-hidden="true" />
                </span>
                <div className="min-w-0 flex-1">
                  <p className="text-lg leading-snug font-semibold tracking-[-0.015em]">
                    {!isPack
                      ? '1 session to use'
                      : next.isRefundOffered
                        ? `${left.length === 1 ? '1 session' : `${left.length} sessions`} given back`
                        : `${left.length} of ${next.sessionsInPurchase} sessions left`}
                  </p>
                  <p className="text-ink-soft">
                    {next.anyHost ? 'Weekly pack, with any host' : `with ${next.host.fullName}`}
                  </p>
                  <p
                    className={`mt-0.5 text-[0.9375rem] ${isUrgent ? 'font-semibold text-caution' : 'text-ink-faint'}`}
                  >
                    {text}
                  </p>
                  {next.isRefundOffered && (
                    <p className="mt-0.5 text-[0.9375rem] text-ink-soft">
                      {next.givenBackBy === 'presence'
                        ? 'We ended this session. Meet another host, or take a refund under Details.'
                        : "Your host couldn't make it. Pick another time, or take a refund under Details."}
                    </p>
                  )}
                </div>
              </div>
              <div className="mt-5 flex justify-end gap-2.5">
                <Button
                  kind="secondary"
                  size="small"
                  onClick={() => onDetails(next)}
                  aria-label="Details of your unused session"
                >
                  Details
                </Button>
                <ButtonLink to={`/bookings/${next.id}/schedule`} size="small" className="flex-1 sm:flex-none">
                  <CalendarPlus aria-hidden="true" /> Pick a time
                </ButtonLink>
              </div>
            </Card>
          </li>
        )
      })}
    </ul>
  )
}
