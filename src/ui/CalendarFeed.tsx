// A private address with which people subscribe to their sessions in their own calendar.
import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import type { Feed } from '../../server/journey/bookings/feed-view.ts'
import { feedQuery, queryClient } from '../api/queries.ts'
import { say, sayProblem } from './toasts.ts'
import { Button, buttonClass } from './Button.tsx'
import { Card } from './Card.tsx'

export function CalendarFeed() {
  const { data } = useQuery(feedQuery)
  const act = useMutation({
    mutationFn: (what: 'make' | 'stop') => (what === 'make' ? api.makeFeed() : api.stopFeed()),
    onSuccess: (answer: Feed) => queryClient.setQueryData(feedQuery.queryKey, answer),
    onError: sayProblem,
  })
  const feed = data?.feed
  return (
    <section aria-label="Your sessions in your calendar" className="mt-9">
      <h2 className="mb-3 text-lg">Your sessions in your calendar</h2>
      <Card className="p-5 sm:p-6">
        <p className="mb-4 text-ink-soft">
          {feed
            ? 'Whoever knows the address sees your sessions. A new address makes this one useless.'
            : 'Subscribe once, and every session appears in your own calendar, moves with it and goes with it.'}
        </p>
        <div className="flex flex-wrap gap-2.5">
          {feed ? (
            <>
              <a href={feed.webcalUrl} className={buttonClass('secondary', 'small')}>
                Open in my calendar
              </a>
              <Button
                kind="secondary"
                size="small"
                onClick={() =>
                  void navigator.clipboard
                    .writeText(feed.url)
                    .then(() => say('The address is copied'), sayProblem)
                }
              >
                Copy the address
              </Button>
              <Button kind="quiet" size="small" disabled={act.isPending} onClick={() => act.mutate('make')}>
                New address
              </Button>
              <Button kind="quiet" size="small" disabled={act.isPending} onClick={() => act.mutate('stop')}>
                Stop sharing
              </Button>
            </>
          ) : (
            <Button kind="secondary" size="small" isBusy={act.isPending} onClick={() => act.mutate('make')}>
              Make a private address
            </Button>
          )}
        </div>
      </Card>
    </section>
  )
}
