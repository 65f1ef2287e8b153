// What the last look at the services found; lines that need mending first.
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Connections } from '../../server/journey/connections/connections-view.ts'
import { api } from '../api/api.ts'
import { connectionsQuery, queryClient } from '../api/queries.ts'
import { Button } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Problem } from '../ui/Notice.tsx'
import { sentenceOf } from '../ui/toasts.ts'
import { now } from '../words/clock.ts'
import { browserZone, when } from '../words/format.ts'

const providerNames: Record<Connections['lines'][number]['provider'], string> = {
  presence: 'Presence',
  stripe: 'Stripe',
  twilio: 'Twilio',
  calcom: 'Cal.com',
  daily: 'Daily',
  airtable: 'Airtable',
}
const order = { failing: 0, notice: 1, ok: 2 } as const
const stateWords = { failing: 'Mend', notice: 'Note', ok: 'In order' } as const
const stateColors = { failing: 'text-danger', notice: 'text-caution', ok: 'text-ink-faint' } as const

export function ConnectionList() {
  const connections = useQuery(connectionsQuery)
  const look = useMutation({
    mutationFn: api.checkConnections,
    onSuccess: (found) => queryClient.setQueryData(connectionsQuery.queryKey, found),
  })
  if (connections.isPending)
    return <div className="skeleton h-32 rounded-card" role="status" aria-label="Loading connections" />
  if (!connections.data)
    return <Problem error={connections.error} onRetry={() => void connections.refetch()} />
  const { checkedAt, lines } = connections.data
  const open = lines.filter(({ state }) => state !== 'ok').toSorted((a, b) => order[a.state] - order[b.state])
  return (
    <Card className="p-5 sm:p-6">
      <p className="text-[0.9375rem] text-ink-faint">
        {checkedAt
          ? `${lines.length - open.length} of ${lines.length} in order, ${when(checkedAt, browserZone(), now())}.`
          : 'Nobody has looked yet. It is done every night.'}
      </p>
      <ul className="mt-3 grid gap-3">
        {open.map((line) => (
          <li key={`${line.provider} ${line.name}`}>
            <p>
              <strong className={`font-semibold ${stateColors[line.state]}`}>{stateWords[line.state]}</strong>{' '}
              <span className="font-semibold">
                {providerNames[line.provider]}, {line.name}:
              </span>{' '}
              {line.finding}.
            </p>
            <p className="text-ink-soft">{line.mend}</p>
          </li>
        ))}
      </ul>
      {look.error && (
        <p role="alert" className="mt-3 font-medium text-danger">
          {sentenceOf(look.error)}
        </p>
      )}
      <Button
        kind="secondary"
        size="small"
        className="mt-4"
        isBusy={look.isPending}
        onClick={() => look.mutate()}
      >
        {checkedAt ? 'Look again' : 'Look now'}
      </Button>
    </Card>
  )
}
