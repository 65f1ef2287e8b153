import { useMutation } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { useNow } from '../words/clock.ts'
import { when } from '../words/format.ts'
import { queryClient, useZone } from '../api/queries.ts'
import { cancelConsequence, refundConsequence } from '../words/session-words.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Sheet.tsx'

export type Ask = 'cancel' | 'refund'
type Props = { booking: Booking; ask: Ask; onKeep: () => void; onClose: () => void }

/** Asks a member who wants to cancel or be refunded, and says the consequence first. */
export function EndBooking({ booking, ask, onKeep, onClose }: Props) {
  const zone = useZone()
  const now = useNow(10_000)
  const act = useMutation({
    mutationFn: (what: Ask) => (what === 'cancel' ? api.cancel(booking.id) : api.refund(booking.id)),
    async onSuccess(_answer, what) {
      await queryClient.invalidateQueries({ queryKey: ['bookings'] })
      say(what === 'refund' ? 'Your refund is on its way' : 'The session is cancelled')
      onClose()
    },
  })
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
