import { useMutation, useQuery } from '@tanstack/react-query'
import { Star } from 'lucide-react'
import { useState } from 'react'
import { ratingTags } from '../../server/journey/ratings/rating.ts'
import { api } from '../api/api.ts'
import type { Rated } from '../../server/journey/ratings/rating-view.ts'
import { queryClient, ratingsQuery, settingsQuery } from '../api/queries.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'

/** While ratings are on: the person's own rating of a held session, and the other's once it may be seen. */
export function Rating({ bookingId, otherName }: { bookingId: string; otherName: string }) {
  const { data: settings } = useQuery(settingsQuery)
  const { data: ratings } = useQuery({ ...ratingsQuery(bookingId), enabled: settings?.isRatingOn === true })
  if (!settings?.isRatingOn || !ratings) return null
  return (
    <div className="mb-7">
      {ratings.mine && <Given words={`You gave ${otherName}`} rating={ratings.mine} />}
      {ratings.theirs && <Given words={`${otherName} gave you`} rating={ratings.theirs} />}
      {ratings.mine && !ratings.theirs && (
        <p className="mt-1 text-[0.9375rem] text-ink-faint">
          What {otherName} says shows when both of you have rated.
        </p>
      )}
      {ratings.canRate && <RatingForm bookingId={bookingId} otherName={otherName} />}
    </div>
  )
}

function Given({ words, rating }: { words: string; rating: Rated }) {
  return (
    <p role="status" className="mt-1">
      {words}{' '}
      <strong className="font-semibold">{rating.stars === 1 ? '1 star' : `${rating.stars} stars`}</strong>
      {rating.tags.length > 0 && <span className="text-ink-soft">: {rating.tags.join(', ')}</span>}
    </p>
  )
}

function RatingForm({ bookingId, otherName }: { bookingId: string; otherName: string }) {
  const [stars, setStars] = useState(0)
  const [tags, setTags] = useState<string[]>([])
  const rate = useMutation({
    mutationFn: () => api.rate(bookingId, stars, tags),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['bookings'] }),
  })
  return (
    <fieldset>
      <legend className="text-lg font-semibold">How was {otherName}?</legend>
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
            <Star
              className="size-7"
              fill={count <= stars ? 'currentColor' : 'none'}
              strokeWidth={1.6}
              aria-hidden="true"
            />
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
                    isOn
                      ? 'border-accent bg-accent-soft text-accent-on-soft'
                      : 'border-line-strong/50 text-ink-soft'
                  }`}
                >
                  {word}
                </button>
              )
            })}
          </div>
          {rate.error && (
            <p role="alert" className="mt-2 font-medium text-danger">
              {sentenceOf(rate.error)}
            </p>
          )}
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
