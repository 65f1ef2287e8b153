import { useMutation } from '@tanstack/react-query'
import { Star } from 'lucide-react'
import { useState } from 'react'
import { ratingTags } from '../../server/journey/rooms/rating.ts'
import { api } from '../api.ts'
import { sentenceOf } from '../toasts.ts'
import { Button } from './Button.tsx'

export function Rating({ bookingId, hostName }: { bookingId: string; hostName: string }) {
  const [stars, setStars] = useState(0)
  const [tags, setTags] = useState<string[]>([])
  const rate = useMutation({ mutationFn: () => api.rate(bookingId, stars, tags) })
  if (rate.isSuccess) return <p role="status" className="mb-6 font-medium text-accent">Thank you. Your rating is saved.</p>
  return (
    <fieldset className="mb-7">
      <legend className="text-lg font-semibold">How was {hostName}?</legend>
      <div role="radiogroup" aria-label="Stars" className="mt-2 -ml-2 flex">
        {[1, 2, 3, 4, 5].map((count) => (
          <label
            key={count}
            className={`grid size-12 cursor-pointer place-items-center rounded-full has-focus-visible:outline-2
              has-focus-visible:outline-accent ${count <= stars ? 'text-accent' : 'text-ink-faint'}`}
          >
            <input
              type="radio"
              name="stars"
              className="sr-only"
              checked={stars === count}
              onChange={() => setStars(count)}
              aria-label={count === 1 ? '1 star' : `${count} stars`}
            />
            <Star className="size-7" fill={count <= stars ? 'currentColor' : 'none'} strokeWidth={1.6} aria-hidden="true" />
          </label>
        ))}
      </div>
      {stars > 0 && (
        <>
          <div className="mt-2 flex flex-wrap gap-2">
            {ratingTags.map((word) => {
              const isOn = tags.includes(word)
              return (
                <button
                  key={word}
                  type="button"
                  aria-pressed={isOn}
                  onClick={() => setTags(isOn ? tags.filter((one) => one !== word) : [...tags, word])}
                  className={`min-h-11 rounded-full border px-4 text-[0.9375rem] font-medium ${
                    isOn ? 'border-accent bg-accent-soft text-accent-on-soft' : 'border-line-strong/50 text-ink-soft'
                  }`}
                >
                  {word}
                </button>
              )
            })}
          </div>
          {rate.error && <p role="alert" className="mt-2 font-medium text-danger">{sentenceOf(rate.error)}</p>}
          <Button
            kind="secondary"
            size="small"
            className="mt-3"
            isBusy={rate.isPending}
            onClick={() => rate.mutate()}
          >
            Send rating
          </Button>
        </>
      )}
    </fieldset>
  )
}
