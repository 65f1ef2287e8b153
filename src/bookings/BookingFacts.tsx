import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { midSentence, when, zoneLabel } from '../words/format.ts'
import { freeChangeHours, outcomeText, refundText } from '../words/session-words.ts'

type Props = { booking: Booking; zone: string; now: Date; isFree: boolean; hasStarted: boolean }

/** When a session is, how it may be changed, and how it ended. */
export function BookingFacts({ booking, zone, now, isFree, hasStarted }: Props) {
  return (
    <dl className="mt-6 grid gap-4">
      {booking.start && (
        <Fact name="When">
          {when(booking.start, zone, now)}
          <span className="block text-[0.9375rem] text-ink-faint">
            {zoneLabel(zone, booking.start)}, {booking.sessionMinutes} minutes
          </span>
        </Fact>
      )}
      {booking.state === 'pending' && (
        <Fact name="Use by">
          {when(booking.validUntil, zone, now)}
          {booking.anyHost && (
            <span className="block text-[0.9375rem] text-ink-faint">With any host you like</span>
          )}
        </Fact>
      )}
      {booking.state === 'created' && !hasStarted && (
        <Fact name="Changing it">
          {isFree && booking.freeChangeUntil ? (
            <>Free until {midSentence(when(booking.freeChangeUntil, zone, now))}</>
          ) : (
            <>The start is less than {freeChangeHours(booking)} hours away, so it can't be moved any more.</>
          )}
        </Fact>
      )}
      {(booking.state === 'completed' || booking.state === 'cancelled' || booking.state === 'expired') && (
        <Fact name="How it ended">{outcomeText(booking)}</Fact>
      )}
      {booking.refundStatus && booking.state !== 'cancelled' && (
        <Fact name="Refund">{refundText(booking)}</Fact>
      )}
      {booking.isRefundOffered && booking.refundable && (
        <Fact
          name={booking.givenBackBy === 'presence' ? 'We ended this session' : "Your host couldn't make it"}
        >
          {booking.givenBackBy === 'presence'
            ? 'It is yours again. Meet another host, or take your money back: the refund is below.'
            : "We're sorry. Pick another time, or take your money back: the refund is below."}
        </Fact>
      )}
      {booking.reflection && (
        <Fact name="Your private reflection">
          <span className="whitespace-pre-line">{booking.reflection}</span>
        </Fact>
      )}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-[0.9375rem] text-ink-faint">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}
