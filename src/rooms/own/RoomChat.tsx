// The chat goes directly between the two browsers: our server never sees it, and nothing is stored.
import { SendHorizontal, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { withoutOverrides } from '../../../server/lib/visible-text.ts'
import type { OwnRoom, ChatMessage } from './room-view.ts'

type Props = {
  call: OwnRoom
  messages: ChatMessage[]
  canSay: boolean
  otherName: string
  onClose: () => void
}

export function RoomChat({ call, messages, canSay, otherName, onClose }: Props) {
  const [text, setText] = useState('')
  const end = useRef<HTMLLIElement>(null)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' })
  }, [messages.length])
  return (
    <aside
      aria-label="Chat"
      className="rise absolute inset-x-3 top-3 bottom-20 z-10 flex flex-col rounded-card border border-line
        bg-surface p-4 shadow-float sm:left-auto sm:w-80"
    >
      <div className="flex items-center justify-between">
        <h2 className="text-lg">Chat</h2>
        <button
          type="button"
          aria-label="Close"
          onClick={onClose}
          className="-mr-2 grid size-11 place-items-center rounded-full text-ink-soft hover:bg-sunken"
        >
          <X className="size-5" aria-hidden="true" />
        </button>
      </div>
      <ul aria-live="polite" className="min-h-0 flex-1 space-y-2 overflow-y-auto py-2">
        {messages.length === 0 && (
          <li className="text-[0.9375rem] text-ink-faint">
            Only the two of you see this, and it is gone afterwards.
          </li>
        )}
        {messages.map((one) => (
          <li key={one.id} className={`flex ${one.isMine ? 'justify-end' : ''}`}>
            <p
              className={`max-w-[85%] rounded-control px-3.5 py-2 break-words whitespace-pre-wrap ${one.isMine ? 'bg-accent-soft text-accent-on-soft' : 'bg-sunken'}`}
            >
              <span className="sr-only">{one.isMine ? 'You' : otherName}: </span>
              {one.text}
            </p>
          </li>
        ))}
        <li ref={end} aria-hidden="true" />
      </ul>
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          const said = withoutOverrides(text).trim()
          if (said !== '' && call.say(said)) setText('')
        }}
      >
        <input
          aria-label={`Message to ${otherName}`}
          value={text}
          maxLength={2000}
          autoComplete="off"
          disabled={!canSay}
          placeholder={canSay ? 'Write a message' : `${otherName} can't read this yet`}
          onChange={(event) => setText(event.target.value)}
          className="min-h-12 min-w-0 flex-1 rounded-full border border-line-strong/60 bg-surface px-4"
        />
        <button
          type="submit"
          aria-label="Send"
          disabled={!canSay}
          className="grid size-12 shrink-0 place-items-center rounded-full bg-accent text-accent-ink
            disabled:opacity-55"
        >
          <SendHorizontal className="size-5" aria-hidden="true" />
        </button>
      </form>
    </aside>
  )
}
