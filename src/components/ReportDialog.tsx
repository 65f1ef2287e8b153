import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { say, sentenceOf } from '../toasts.ts'
import { Button } from './Button.tsx'
import { Sheet } from './Sheet.tsx'
import { fieldClass } from './TextField.tsx'

export default function ReportDialog({ bookingId, otherName, onClose }: { bookingId: string; otherName: string; onClose: () => void }) {
  const [text, setText] = useState('')
  const send = useMutation({
    mutationFn: () => api.report(bookingId, text.trim()),
    onSuccess() {
      say('Thank you for telling us. We read every report')
      onClose()
    },
  })
  return (
    <Sheet
      title="Report a concern"
      onClose={onClose}
      footer={
        <>
          <Button isBusy={send.isPending} disabled={text.trim() === ''} onClick={() => send.mutate()}>Send report</Button>
          <Button kind="secondary" onClick={onClose}>Never mind</Button>
        </>
      }
    >
      <label htmlFor="report" className="mb-3 block text-ink-soft">
        What happened? {otherName} won't see this. You can leave the session at any time.
      </label>
      <textarea
        id="report"
        rows={5}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={`${fieldClass} resize-y py-3`}
      />
      {send.error && <p role="alert" className="mt-3 font-medium text-danger">{sentenceOf(send.error)}</p>}
    </Sheet>
  )
}
