// On the account page: what was agreed to and when, and whether news may come.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { documents } from '../../server/journey/members/consent.ts'
import { api } from '../api/api.ts'
import { consentsQuery, queryClient, useZone } from '../api/queries.ts'
import { Card } from '../ui/Card.tsx'
import { sayProblem } from '../ui/toasts.ts'
import { now } from '../words/clock.ts'
import { day } from '../words/format.ts'

export function MyConsents() {
  const { data } = useQuery(consentsQuery)
  const zone = useZone()
  const change = useMutation({
    mutationFn: (isWanted: boolean) => api.agree([], isWanted),
    onSuccess: () => queryClient.refetchQueries(consentsQuery),
    onError: sayProblem,
  })
  if (!data) return null
  const given = data.given.filter(({ document }) => document !== 'marketing')
  return (
    <Card className="mt-6 p-6 sm:p-8">
      <h2 className="text-lg">What you agreed to</h2>
      {given.length === 0 && <p className="mt-2 text-ink-soft">We ask before your first payment.</p>}
      <ul className="mt-3 grid gap-1">
        {given.map(({ document, version, at }) => (
          <li key={document} className="text-ink-soft">
            <Link to={`/legal/${document}`} className="underline underline-offset-2">
              {documents[document].title}
            </Link>
            , {day(at, zone, now())} <span className="text-ink-faint">(version {version})</span>
          </li>
        ))}
      </ul>
      <label className="mt-4 flex min-h-11 cursor-pointer items-start gap-3 border-t border-line pt-4">
        <input
          type="checkbox"
          checked={data.wantsMarketing}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.target.checked)}
          className="mt-0.5 size-5 shrink-0 accent-accent"
        />
        <span>News and offers by text message, a few times a year</span>
      </label>
    </Card>
  )
}
