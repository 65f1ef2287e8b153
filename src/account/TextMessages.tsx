// Which text messages come, and how they stop.
import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { messageKindsQuery } from '../api/queries.ts'
import { Card } from '../ui/Card.tsx'

export function TextMessages() {
  const { data } = useQuery(messageKindsQuery)
  if (!data) return null
  return (
    <Card className="mt-6 p-6 sm:p-8">
      <h2 className="text-lg">Text messages</h2>
      <p className="mt-2 text-ink-soft">
        What belongs to your sessions and your account always comes. Answer STOP to any of them, and none
        comes any more, also no reminder; START brings them back.
      </p>
      <details className="mt-3">
        <summary
          className="flex min-h-11 cursor-pointer list-none items-center gap-1.5 font-semibold
            text-accent"
        >
          Every message there is <ChevronDown className="size-4" aria-hidden="true" />
        </summary>
        <ul className="grid gap-1 text-ink-soft">
          {data.map(({ name, when, isOptional }) => (
            <li key={name}>
              {when}
              {isOptional && <span className="text-ink-faint"> (only if you want them)</span>}
            </li>
          ))}
        </ul>
      </details>
    </Card>
  )
}
