// Who has stopped our text messages sees it on every page: reminders and changes do not reach them.
import { MessageSquareOff } from 'lucide-react'
import { useMe } from '../api/queries.ts'

export function StoppedTexts() {
  const { data: me } = useMe()
  if (!me?.hasStoppedTexts) return null
  return (
    <p
      role="status"
      className="flex items-center justify-center gap-2.5 bg-sunken px-5 py-2.5 text-[0.9375rem]"
    >
      <MessageSquareOff className="size-5 shrink-0" aria-hidden="true" />
      <span>
        You have stopped our text messages, so you hear of reminders and changes only here. Text START in
        answer to any of them to get them again.
      </span>
    </p>
  )
}
