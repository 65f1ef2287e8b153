import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { queryClient } from '../api/queries.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { fieldClass } from '../ui/TextField.tsx'

type Props = { bookingId: string; otherName: string; onClose: () => void; onEnded: () => void }

export default function ReportDialog({ bookingId, otherName, onClose, onEnded }: Props) {
  const [text, setText] = useState('')
  const [endsSession, setEndsSession] = useState(false)
  const send = useMutation({
    mutationFn: () => api.report(bookingId, text.trim(), endsSession),
    async onSuccess() {
      if (endsSession) await queryClient.invalidateQueries({ queryKey: ['bookings'] })
      say('Thank you for telling us. We read every report')
      onClose()
      if (endsSession) onEnded()
    },
  })
  return (
    <Sheet
      title="Report a concern"
      isNight
      onClose={onClose}
      footer={
        <>
          <Button isBusy={send.isPending} disabled={text.trim() === ''} onClick={() => send.mutate()}>
            Send report
          </Button>
          <Button kind="secondary" onClick={onClose}>
            Never mind
          </Button>
        </>
      }
    >
      <label htmlFor="report" className="mb-3 block text-ink-soft">
        What happened? {otherName} won't see this. We keep with it who was in the room and when.
      </label>
      <textarea
        id="report"
        rows={5}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={`${fieldClass} resize-y py-3`}
      />
      <label className="mt-4 flex min-h-11 cursor-pointer items-start gap-3">
        <input
          type="checkbox"
          checked={endsSession}
          onChange={(event) => setEndsSession(event.target.checked)}
          className="mt-1 size-5 shrink-0 accent-accent"
        />
        <span>
          End the session now, for both of us
          <span className="block text-[0.9375rem] text-pretty text-ink-faint">
            Nobody is paid before one of us has looked at it.
          </span>
        </span>
      </label>
      {send.error && (
        <p role="alert" className="mt-3 font-medium text-danger">
          {sentenceOf(send.error)}
        </p>
      )}
    </Sheet>
  )
}
