// A host's earnings: what is due, what was paid, and the state of each session's share.
import { useMutation, useQuery } from '@tanstack/react-query'
import { ArrowUpRight, Download, HandCoins } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { now } from '../words/clock.ts'
import { money, when } from '../words/format.ts'
import { payoutNote, payoutStatusText } from '../words/host-words.ts'
import type { EarnedSession, Earnings } from '../../server/journey/payouts/earnings-view.ts'
import { earningsQuery } from '../api/queries.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { Button, buttonClass } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Notice, Problem } from '../ui/Notice.tsx'

const shownAtFirst = 20

export function HostEarnings({ zone, isPaidByStripe }: { zone: string; isPaidByStripe: boolean }) {
  const earnings = useQuery(earningsQuery)
  const [isWhole, setWhole] = useState(false)
  if (earnings.isPending)
    return <div className="skeleton h-72 rounded-card" role="status" aria-label="Loading your earnings" />
  if (!earnings.data)
    return (
      <Problem
        error={earnings.error}
        onRetry={() => void earnings.refetch()}
        title="Your earnings didn't load"
      />
    )
  const { sessions } = earnings.data
  const shown = isWhole ? sessions : sessions.slice(0, shownAtFirst)
  return (
    <>
      <Figures earnings={earnings.data} isPaidByStripe={isPaidByStripe} />
      {sessions.length === 0 ? (
        <Card>
          <Notice icon={HandCoins} title="No earnings yet">
            You are paid after each session, automatically.
          </Notice>
        </Card>
      ) : (
        <>
          <Card>
            <ul className="divide-y divide-line">
              {shown.map((session) => (
                <li key={session.bookingId}>
                  <Share session={session} earnings={earnings.data} zone={zone} />
                </li>
              ))}
            </ul>
          </Card>
          {sessions.length > shown.length && (
            <Button kind="quiet" size="small" className="mt-2" onClick={() => setWhole(true)}>
              Show all {sessions.length}
            </Button>
          )}
        </>
      )}
      <Ways earnings={earnings.data} />
    </>
  )
}

function Figures({ earnings, isPaidByStripe }: { earnings: Earnings; isPaidByStripe: boolean }) {
  const figures = [
    { label: 'Pending', cents: earnings.pendingCents, hint: 'Not due yet, or being looked into' },
    {
      label: 'Available',
      cents: earnings.availableCents,
      hint: isPaidByStripe ? 'Sent as soon as Stripe can pay you' : 'We pay it to you ourselves',
    },
    {
      label: 'Paid to you',
      cents: earnings.paidCents,
      hint: isPaidByStripe ? 'Sent to your Stripe account' : 'Sent outside Stripe',
    },
  ]
  return (
    <dl className="mb-9 grid gap-4 sm:grid-cols-3">
      {figures.map(({ label, cents, hint }) => (
        <Card key={label} className="px-6 py-5">
          <dt className="text-ink-faint">{label}</dt>
          <dd className="tabular text-[1.9rem] leading-tight font-semibold tracking-[-0.025em]">
            {money(cents, earnings.currency)}
          </dd>
          <dd className="mt-1 text-[0.9375rem] leading-snug text-ink-faint">{hint}</dd>
        </Card>
      ))}
    </dl>
  )
}

function Share({ session, earnings, zone }: { session: EarnedSession; earnings: Earnings; zone: string }) {
  const note = payoutNote(session, earnings.currency, zone, now())
  return (
    <div className="px-5 py-4 sm:px-6">
      <div className="flex items-center justify-between gap-4">
        <p className="min-w-0 leading-snug">
          <span className="block font-semibold">{session.memberName}</span>
          <span className="text-[0.9375rem] text-ink-faint">
            {session.start ? when(session.start, zone, now()) : 'No time was set'}
          </span>
        </p>
        <p className="shrink-0 text-right leading-snug">
          <span className="tabular block font-semibold">
            {money(session.payableCents, earnings.currency)}
          </span>
          <span
            className={`text-[0.9375rem] ${session.status === 'failed' || session.isOnHold ? 'text-caution' : 'text-ink-faint'}`}
          >
            {payoutStatusText(session)}
          </span>
        </p>
      </div>
      {note && <p className="mt-1.5 text-[0.9375rem] text-ink-faint">{note}</p>}
    </div>
  )
}

/** The same as a file, and the link to Stripe's page about payouts to the bank. */
function Ways({ earnings }: { earnings: Earnings }) {
  const open = useMutation({
    mutationFn: api.openDashboard,
    onSuccess: ({ url }) => window.location.assign(url),
  })
  if (earnings.sessions.length === 0 && !earnings.canOpenDashboard) return null
  return (
    <div className="mt-5 flex flex-wrap items-center gap-2.5">
      {earnings.canOpenDashboard && (
        <Button
          kind="secondary"
          size="small"
          isBusy={open.isPending || open.isSuccess}
          onClick={() => open.mutate()}
        >
          Payments to your bank, at Stripe <ArrowUpRight aria-hidden="true" />
        </Button>
      )}
      {earnings.sessions.length > 0 && (
        <a href={api.earningsFileUrl} download className={buttonClass('quiet', 'small')}>
          <Download aria-hidden="true" /> Download as a spreadsheet (CSV)
        </a>
      )}
      {open.error && (
        <p role="alert" className="w-full font-medium text-danger">
          {sentenceOf(open.error)}
        </p>
      )}
    </div>
  )
}
