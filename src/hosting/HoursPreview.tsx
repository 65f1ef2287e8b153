// Shows what members will see with the hours on this page, saved or not: the next days with free times.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../api/api.ts'
import type { Hours } from '../../server/journey/times/hours-view.ts'
import { now } from '../words/clock.ts'
import { day, dayKey, timeOfDay } from '../words/format.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { Card } from '../ui/Card.tsx'

const shownDays = 7
const settleMs = 400

export function HoursPreview({ hours }: { hours: Hours }) {
  const text = JSON.stringify(hours)
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs)
    return () => clearTimeout(timer)
  }, [text])
  const preview = useQuery({
    queryKey: ['host', 'preview', settled],
    queryFn: () => api.previewHours(JSON.parse(settled) as Hours),
    placeholderData: keepPreviousData,
  })
  const days = [...Map.groupBy(preview.data?.starts ?? [], (start) => dayKey(start, hours.timeZone))].slice(
    0,
    shownDays,
  )
  return (
    <section aria-label="Preview" className="mt-9">
      <h2 className="mb-3 text-lg">What members see</h2>
      <Card className={`p-5 sm:p-6 ${preview.isPlaceholderData ? 'opacity-60' : ''}`}>
        {preview.error ? (
          <p role="alert" className="font-medium text-danger">
            {sentenceOf(preview.error)}
          </p>
        ) : preview.isPending ? (
          <div role="status" aria-label="Loading the preview" className="skeleton h-24" />
        ) : days.length === 0 ? (
          <p className="text-ink-soft">Nobody could book you in the next two weeks.</p>
        ) : (
          <dl className="grid gap-2.5">
            {days.map(([key, starts]) => (
              <div key={key} className="flex flex-wrap justify-between gap-x-4">
                <dt className="font-medium">{day(starts[0]!, hours.timeZone, now())}</dt>
                <dd className="tabular text-ink-soft">
                  {starts.length === 1
                    ? timeOfDay(starts[0]!, hours.timeZone)
                    : `${timeOfDay(starts[0]!, hours.timeZone)} to ${timeOfDay(starts.at(-1)!, hours.timeZone)}, ${starts.length} times`}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Card>
    </section>
  )
}
