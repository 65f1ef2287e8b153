import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { useNow } from '../words/clock.ts'
import { money, when } from '../words/format.ts'
import { queryClient, useZone } from '../api/queries.ts'
import { cancelConsequence, isStillFree, refundConsequence } from '../words/session-words.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Sheet.tsx'

export type Ask = 'cancel' | 'refund'
/** What a press of a button does; a refund after a cancelled time is one act for the member. */
type Act = Ask | 'cancel_and_refund'
type Props = { booking: Booking; ask: Ask; onKeep: () => void; onClose: () => void }

/** Asks a member who wants to cancel or be refunded, and says the consequence first. */
export function EndBooking({ booking, ask, onKeep, onClose }: Props) {
  const zone = useZone()
  const now = useNow(10_000)
  const isCancelled = useRef(false)
  const act = useMutation({
    async mutationFn(what: Act) {
      if (what !== 'refund' && !isCancelled.current) await api.cancel(booking.id)
      // A refund that fails afterwards is tried alone.
      isCancelled.current = true
      if (what !== 'cancel') await api.refund(booking.id)
    },
    async onSuccess(_answer, what) {
      await queryClient.invalidateQueries({ queryKey: ['bookings'] })
      say(what === 'cancel' ? 'The session is cancelled' : 'Your refund is on its way')
      onClose()
    },
  })
  const canRefund = ask === 'cancel' && isStillFree(booking, now)
  const left = money(booking.amountCents - booking.refundedCents, booking.currency)
  return (
    <Sheet
      title={ask === 'cancel' ? 'Cancel this session?' : 'Refund this session?'}
      onClose={onClose}
      footer={
        <>
          <Button
            kind={ask === 'cancel' && !canRefund ? 'danger' : 'primary'}
            isBusy={act.isPending && act.variables === ask}
            disabled={act.isPending}
            onClick={() => act.mutate(ask)}
          >
            {ask === 'refund' ? 'Yes, refund it' : canRefund ? 'Cancel, keep the session' : 'Yes, cancel it'}
          </Button>
          {canRefund && (
            <Button
              kind="danger"
              isBusy={act.isPending && act.variables === 'cancel_and_refund'}
              disabled={act.isPending}
              onClick={() => act.mutate('cancel_and_refund')}
            >
              Cancel and get {left} back
            </Button>
          )}
          <Button kind="secondary" disabled={act.isPending} onClick={() => onKeep()}>
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
