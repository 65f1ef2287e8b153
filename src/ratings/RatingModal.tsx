// After a session: thanks, a private reflection, and the way to the next
// one. Rating is off unless switched on.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/api.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { now } from '../words/clock.ts'
import { firstName } from '../words/format.ts'
import { bookingQuery, bookingsQuery, promptsQuery, queryClient, useZone } from '../api/queries.ts'
import { expiryText } from '../words/session-words.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button, ButtonLink } from '../ui/Button.tsx'
import { Rating } from './Rating.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { fieldClass } from '../ui/TextField.tsx'

const reflectionLimit = 2000

type Props = { bookingId: string; onClose: () => void; onRejoin?: (() => void) | undefined }

export default function RatingModal({ bookingId, onClose, onRejoin }: Props) {
  const { data: booking } = useQuery(bookingQuery(bookingId))
  if (!booking) return null
  const name = firstName(booking.host.fullName)
  return (
    <Sheet
      title="Thank you for being here"
      onClose={onClose}
      footer={<Next booking={booking} onClose={onClose} />}
    >
      {onRejoin && (
        <div
          className="mb-5 flex items-center justify-between gap-3 rounded-control bg-sunken py-1.5 pr-1.5
          pl-4"
        >
          <p className="text-[0.9375rem] text-ink-soft">There is still time left.</p>
          <Button kind="secondary" size="small" onClick={onRejoin}>
            Back to the session
          </Button>
        </div>
      )}
      <div className="mb-6 flex items-center gap-4">
        <Avatar fullName={booking.host.fullName} photoUrl={booking.host.photoUrl} />
        <p className="text-ink-soft">
          You met <strong className="font-semibold text-ink">{booking.host.fullName}</strong>. Take a breath
          before you go on with your day.
        </p>
      </div>
      <Rating bookingId={booking.id} otherName={name} />
      <Reflection booking={booking} />
    </Sheet>
  )
}

function Reflection({ booking }: { booking: Booking }) {
  const { data: prompts } = useQuery(promptsQuery(booking.id))
  const [text, setText] = useState(booking.reflection ?? '')
  const save = useMutation({
    mutationFn: () => api.reflect(booking.id, text.trim()),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: ['bookings'] })
      say('Your reflection is saved')
    },
  })
  const isChanged = text.trim() !== (booking.reflection ?? '')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <label htmlFor="reflection" className="block text-lg leading-snug font-semibold">
        {prompts?.reflection[0] ?? 'What would you like to remember?'}
      </label>
      <p className="mt-1 mb-3 flex items-center gap-1.5 text-[0.9375rem] text-ink-faint">
        <Lock className="size-4" aria-hidden="true" /> Only you can read this.
      </p>
      <textarea
        id="reflection"
        rows={4}
        maxLength={reflectionLimit}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={`${fieldClass} resize-y py-3`}
      />
      {save.error && (
        <p role="alert" className="mt-2 font-medium text-danger">
          {sentenceOf(save.error)}
        </p>
      )}
      {isChanged && text.trim() !== '' && (
        <div className="mt-3 flex justify-end">
          <Button type="submit" kind="secondary" size="small" isBusy={save.isPending}>
            Save reflection
          </Button>
        </div>
      )}
    </form>
  )
}

/** Offers sessions already paid for first, then the same host again. */
function Next({ booking, onClose }: { booking: Booking; onClose: () => void }) {
  const { data: bookings } = useQuery(bookingsQuery)
  const zone = useZone()
  const unused = bookings?.unused.filter((one) => one.anyHost || one.host.id === booking.host.id) ?? []
  const next = unused[0]
  const name = firstName(booking.host.fullName)
  const again = `/host-selection?first=${booking.host.id}`
  if (!next) {
    return (
      <>
        <ButtonLink to={again}>Rebook with {name}</ButtonLink>
        <Button kind="secondary" onClick={onClose}>
          Not now
        </Button>
      </>
    )
  }
  return (
    <div className="flex w-full flex-col gap-3">
      <p className="text-[0.9375rem] text-ink-soft">
        You have {unused.length === 1 ? 'one session' : `${unused.length} sessions`} left.{' '}
        {expiryText(next.validUntil, zone, now()).text}.
      </p>
      <div className="flex flex-col gap-2.5 sm:flex-row-reverse sm:justify-start">
        <ButtonLink to={`/bookings/${next.id}/schedule?host=${booking.host.id}`}>
          Pick a time with {name}
        </ButtonLink>
        <ButtonLink to={again} kind="secondary">
          Rebook
        </ButtonLink>
      </div>
    </div>
  )
}
