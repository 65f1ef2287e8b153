import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import { isPlanType } from '../../server/journey/plans/plan.ts'
import { ApiProblem } from '../api/request.ts'
import type { Host } from '../../server/journey/hosts/host-view.ts'
import type { PlanType, Terms } from '../../server/journey/plans/plan.ts'
import { now } from '../words/clock.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { ButtonLink } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { FailedPage, Page, PageSkeleton } from '../ui/Page.tsx'
import { PaymentReturn } from './PaymentReturn.tsx'
import { BlockHost } from '../safety/BlockHost.tsx'
import { PlanCard } from './PlanCard.tsx'
import { firstName, list } from '../words/format.ts'
import { UserRoundX } from 'lucide-react'
import { bookingsQuery, hostQuery, plansQuery, useMe, useZone } from '../api/queries.ts'
import { expiryText, noTimesText } from '../words/session-words.ts'

const PaymentModal = lazy(() => import('./PaymentModal.tsx'))

export default function Plans() {
  const [parameters, setParameters] = useSearchParams()
  const navigate = useNavigate()
  const { data: me, isPending: isAsking } = useMe()
  const hostId = parameters.get('host') ?? ''
  const host = useQuery(hostQuery(hostId))
  const plans = useQuery(plansQuery)
  const asked = parameters.get('plan') ?? ''
  const chosen = isPlanType(asked) ? asked : undefined

  const returned = parameters.get('purchase') ?? ''
  if (returned !== '' && isAsking) return <PageSkeleton />
  if (returned !== '' && me) return <PaymentReturn purchaseId={returned} />
  if (returned !== '')
    return <Navigate to={`/sign-in?next=${encodeURIComponent(`/plans?purchase=${returned}`)}`} replace />
  if (hostId === '') return <Navigate to="/host-selection" replace />
  if (host.isPending || plans.isPending) return <PageSkeleton />
  if (!host.data) {
    const isGone = host.error instanceof ApiProblem && host.error.status === 404
    if (!isGone)
      return <FailedPage title="Choose a plan" error={host.error} onRetry={() => void host.refetch()} />
    return (
      <Page title="Choose a plan" back={{ to: '/host-selection', label: 'All hosts' }}>
        <Notice
          icon={UserRoundX}
          title="This host isn't available"
          action={<ButtonLink to="/host-selection">See the other hosts</ButtonLink>}
        >
          They may be taking a break, or the link is incomplete.
        </Notice>
      </Page>
    )
  }
  if (!plans.data)
    return <FailedPage title="Choose a plan" error={plans.error} onRetry={() => void plans.refetch()} />

  function choose(plan: PlanType) {
    const path = `/plans?host=${encodeURIComponent(hostId)}&plan=${plan}`
    if (!me) void navigate(`/sign-in?next=${encodeURIComponent(path)}`)
    else setParameters({ host: hostId, plan })
  }

  const single = plans.data.find((terms) => terms.sessions === 1)
  const isUsable = (one: Terms) => one.anyHost || noTimesText(host.data?.availability ?? 'unknown') === ''
  const terms = plans.data.find((one) => one.plan === chosen && isUsable(one))
  return (
    <Page
      title="Choose a plan"
      width="normal"
      back={{ to: `/host-selection?first=${hostId}`, label: 'All hosts' }}
    >
      <HostLine host={host.data} canBlock={Boolean(me?.member)} />
      {me?.member && <UnusedHint host={host.data} />}
      {noTimesText(host.data.availability) && <NoTimes host={host.data} />}
      <ul className="grid gap-5 sm:grid-cols-2">
        {plans.data.map((one) => (
          <li key={one.plan}>
            <PlanCard
              terms={one}
              problem={one.anyHost ? '' : noTimesText(host.data.availability)}
              single={single}
              hostName={firstName(host.data.fullName)}
              onChoose={() => choose(one.plan)}
            />
          </li>
        ))}
      </ul>
      <p className="mt-7 max-w-xl text-[0.9375rem] text-ink-faint">
        Payment is handled by Stripe; we never see your card. If {firstName(host.data.fullName)} cancels or
        doesn't come, you get the session back with seven more days to use it, or your money.
      </p>
      {terms && me && (
        <Suspense fallback={null}>
          <PaymentModal
            key={terms.plan}
            terms={terms}
            host={host.data}
            onClose={() => setParameters({ host: hostId }, { replace: true })}
          />
        </Suspense>
      )}
    </Page>
  )
}

function HostLine({ host, canBlock }: { host: Host; canBlock: boolean }) {
  return (
    <div className="mb-8 flex items-center gap-4">
      <Avatar fullName={host.fullName} photoUrl={host.photoUrl} size="large" />
      <div className="min-w-0 flex-1">
        <p className="text-xl font-semibold tracking-[-0.015em]">{host.fullName}</p>
        <p className="text-ink-soft">{[host.category, list(host.tags)].filter(Boolean).join(' · ')}</p>
      </div>
      {canBlock && <BlockHost host={host} />}
    </div>
  )
}

/** Nobody pays for a time that there is not. */
function NoTimes({ host }: { host: Host }) {
  const name = firstName(host.fullName)
  return (
    <div
      role="status"
      className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-card
        bg-caution-soft px-5 py-4
        text-caution"
    >
      <p>
        <strong className="font-semibold">
          {host.availability === 'none'
            ? `${name} has no free time in the next 30 days.`
            : `${name} has no times yet.`}
        </strong>{' '}
        A single session could not be used. A pack can, with any other host.
      </p>
      <ButtonLink to="/host-selection?sort=next" kind="secondary" size="small">
        See who is free
      </ButtonLink>
    </div>
  )
}

/** Warns members who still have paid sessions, so that nobody pays again by accident. */
function UnusedHint({ host }: { host: Host }) {
  const { data } = useQuery(bookingsQuery)
  const zone = useZone()
  const unused = data?.unused.filter((one) => one.anyHost || one.host.id === host.id) ?? []
  const next = unused[0]
  if (!next) return null
  return (
    <div
      className="mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-card
        bg-accent-soft px-5 py-4
        text-accent-on-soft"
    >
      <p>
        <strong className="font-semibold">
          You have {unused.length === 1 ? 'a session' : `${unused.length} sessions`} to use.
        </strong>{' '}
        {expiryText(next.validUntil, zone, now()).text}.
      </p>
      <ButtonLink to={`/bookings/${next.id}/schedule?host=${host.id}`} size="small">
        Pick a time with {firstName(host.fullName)}
      </ButtonLink>
    </div>
  )
}
