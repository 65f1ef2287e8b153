import type { Operations } from '../../server/journey/operations/operations-view.ts'
import { Card } from '../ui/Card.tsx'

type Unready = Operations['unreadyHosts'][number]

const stripeWords: Record<Unready['onboardingStatus'], string> = {
  not_started: 'has not started with Stripe',
  started: "has not finished Stripe's form",
  complete: 'Stripe does not pay this account yet',
}

/** Why each host cannot be booked alone, or cannot be paid. */
function reasons({ hasTimes, canBePaid, onboardingStatus, unpayableCountry }: Unready): string {
  return [
    hasTimes ? '' : 'has no hours and no Cal.com, so nobody can book them',
    canBePaid
      ? ''
      : unpayableCountry
        ? `lives where Stripe cannot pay (${unpayableCountry}), so you pay their share another way`
        : `${stripeWords[onboardingStatus]}, so their share waits`,
  ]
    .filter(Boolean)
    .join('; ')
}

export function UnreadyHosts({ hosts, total }: { hosts: Unready[]; total: number }) {
  return (
    <Card className="p-5 sm:p-6">
      <ul className="grid gap-2.5">
        {hosts.map((host) => (
          <li key={host.id}>
            <strong className="font-semibold">{host.fullName}</strong>{' '}
            <span className="text-ink-soft">{reasons(host)}.</span>
          </li>
        ))}
        {total > hosts.length && <li className="text-ink-faint">And {total - hosts.length} more.</li>}
      </ul>
    </Card>
  )
}
