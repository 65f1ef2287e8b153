// Ratings received: only while ratings are on, only those no longer blind, and never with a name.
import { useQuery } from '@tanstack/react-query'
import { Star } from 'lucide-react'
import { receivedQuery, settingsQuery } from '../api/queries.ts'
import { Card } from '../ui/Card.tsx'

export function ReceivedRatings({ as }: { as: 'member' | 'host' }) {
  const { data: settings } = useQuery(settingsQuery)
  const { data: ratings } = useQuery({ ...receivedQuery(as), enabled: settings?.isRatingOn === true })
  if (!settings?.isRatingOn || !ratings || ratings.averageStars === null) return null
  return (
    <Card className="my-6 p-6">
      <h2 className="text-lg">{as === 'host' ? 'What members say' : 'What hosts say'}</h2>
      <p className="mt-2 flex items-center gap-2">
        <Star className="size-5 text-accent" fill="currentColor" aria-hidden="true" />
        <span className="tabular text-xl font-semibold">{ratings.averageStars.toFixed(1)}</span>
        <span className="text-ink-faint">
          of 5, from {ratings.count === 1 ? 'one session' : `${ratings.count} sessions`}
        </span>
      </p>
      {ratings.tags.length > 0 && (
        <ul className="mt-4 flex flex-wrap gap-2">
          {ratings.tags.map(({ tag, count }) => (
            <li key={tag} className="rounded-full bg-sunken px-3.5 py-1.5 text-[0.9375rem] text-ink-soft">
              {tag} · {count}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
