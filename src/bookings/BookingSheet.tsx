// Everything about one session, and what can still be done about it, with the consequence stated first.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { useNow } from '../words/clock.ts'
import { midSentence, when, zoneLabel } from '../words/format.ts'
import { bookingQuery, queryClient, useZone } from '../api/queries.ts'
import {
  cancelConsequence,
  freeChangeHours,
  isStillFree,
  outcomeText,
  positionText,
  refundConsequence,
  refundText,
} from '../words/session-words.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button, buttonClass, ButtonLink } from '../ui/Button.tsx'
import { useIsOpen } from '../ui/Countdown.tsx'
import { Problem } from '../ui/Notice.tsx'
import { Sheet } from '../ui/Sheet.tsx'

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

type Ask = 'cancel' | 'refund'

function Details({ booking, onClose }: { booking: Booking; onClose: () => void }) {
  const zone = useZone()
  const now = useNow(10_000)
  const isOpen = useIsOpen(booking)
  const [ask, setAsk] = useState<Ask>()
  const act = useMutation({
    mutationFn: (what: Ask) => (what === 'cancel' ? api.cancel(booking.id) : api.refund(booking.id)),
    async onSuccess(_answer, what) {
      await queryClient.invalidateQueries({ queryKey: ['bookings'] })
      say(what === 'refund' ? 'Your refund is on its way' : 'The session is cancelled')
      onClose()
    },
  })
  const isFree = isStillFree(booking, now)
  const hasStarted = booking.start !== null && Date.parse(booking.start) <= now.getTime()

  if (ask) {
    return (
      <Sheet
        title={ask === 'cancel' ? 'Cancel this session?' : 'Refund this session?'}
        onClose={onClose}
        footer={
          <>
            <Button
              kind={ask === 'cancel' ? 'danger' : 'primary'}
              isBusy={act.isPending}
              onClick={() => act.mutate(ask)}
            >
              {ask === 'cancel' ? 'Yes, cancel it' : 'Yes, refund it'}
            </Button>
            <Button kind="secondary" disabled={act.isPending} onClick={() => setAsk(undefined)}>
              Keep it
            </Button>
          </>
        }
      >
        {booking.start && (
          <p className="mb-2 text-lg font-semibold">
            {when(booking.start, zone, now)}, with {booking.host.fullName}
          </p>
        )}
        <p className="text-lg text-ink-soft">
          {ask === 'cancel' ? cancelConsequence(booking, zone, now) : refundConsequence(booking)}
        </p>
        {act.error && (
          <p role="alert" className="mt-4 font-medium text-danger">
            {sentenceOf(act.error)}
          </p>
        )}
      </Sheet>
    )
  }

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
              <>
                The start is less than {freeChangeHours(booking)} hours away, so it can't be moved any more.
              </>
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
          <Fact name="Your host couldn't make it">
            We're sorry. Pick another time, or take your money back: the refund is below.
          </Fact>
        )}
        {booking.reflection && (
          <Fact name="Your private reflection">
            <span className="whitespace-pre-line">{booking.reflection}</span>
          </Fact>
        )}
      </dl>
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
      <ButtonLink to={`/host-selection?first=${booking.host.id}`}>Rebook</ButtonLink>
      {booking.state === 'completed' && !booking.reflection && (
        <ButtonLink to={`/?after=${booking.id}`} kind="secondary">
          Write a reflection
        </ButtonLink>
      )}
    </>
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
