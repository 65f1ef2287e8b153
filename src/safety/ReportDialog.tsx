// Says what happened, or only that the two shall not meet again. Both keep them apart from then on.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type SessionRef } from '../api/api.ts'
import { queryClient } from '../api/queries.ts'
import { say, sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { fieldClass } from '../ui/TextField.tsx'
import { CrisisLines } from './CrisisLines.tsx'

type Props = {
  about: SessionRef
  otherName: string
  /** The session is under way, so it can be ended for both. */
  canEnd?: boolean
  isNight?: boolean
  onClose: () => void
  onEnded?: () => void
}

export default function ReportDialog({ about, otherName, canEnd, isNight = false, onClose, onEnded }: Props) {
  const [text, setText] = useState('')
  const [endsSession, setEndsSession] = useState(false)
  const renew = () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
  const send = useMutation({
    mutationFn: () => api.report(about, text.trim(), endsSession),
    async onSuccess() {
      await renew()
      say(`Thank you for telling us. A person reads it, and you won't meet ${otherName} again`)
      onClose()
      if (endsSession) onEnded?.()
    },
  })
  const block = useMutation({
    mutationFn: () => api.block(about),
    async onSuccess() {
      await renew()
      say(`You won't see or meet ${otherName} again`)
      onClose()
      if (canEnd) onEnded?.()
    },
  })
  const problem = send.error ?? block.error
  return (
    <Sheet
      title="Report or block"
      isNight={isNight}
      onClose={onClose}
      footer={
        <>
          <Button isBusy={send.isPending} disabled={text.trim() === ''} onClick={() => send.mutate()}>
            Send report
          </Button>
          <Button kind="secondary" isBusy={block.isPending} onClick={() => block.mutate()}>
            Only block {otherName}
          </Button>
        </>
      }
    >
      <p className="text-ink-soft">
        Either way you two won't see, book or remind each other again. A session still ahead is ended and
        given back, free of charge.
      </p>
      <label htmlFor="report" className="mt-5 mb-2 block font-semibold">
        What happened?
        <span className="block font-normal text-ink-faint">
          {otherName} won't see this. We keep with it who was in the room and when.
        </span>
      </label>
      <textarea
        id="report"
        rows={5}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={`${fieldClass} resize-y py-3`}
      />
      {canEnd && (
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
      )}
      {problem && (
        <p role="alert" className="mt-3 font-medium text-danger">
          {sentenceOf(problem)}
        </p>
      )}
      <CrisisLines className="mt-6" />
    </Sheet>
  )
}
