import { useMutation } from '@tanstack/react-query'
import { ArrowUpRight } from 'lucide-react'
import { useEffect } from 'react'
import { api } from '../api/api.ts'
import type { HostDashboard } from '../../server/journey/payouts/host-dashboard-view.ts'
import { money } from '../words/format.ts'
import { queryClient } from '../api/queries.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'

/**
 * Shown on top of the page until the host can be paid. `cameBack` is the
 * result that Stripe's page returned with.
 */
export function Onboarding({ home, cameBack }: { home: HostDashboard; cameBack: string | null }) {
  const start = useMutation({
    mutationFn: api.startOnboarding,
    onSuccess: ({ url }) => window.location.assign(url),
  })
  const { mutate: refresh, isPending: isAsking } = useMutation({
    mutationFn: api.refreshOnboarding,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['host'] }),
  })
  useEffect(() => {
    if (cameBack === 'done') refresh()
  }, [cameBack, refresh])
  if (home.onboarding.canBePaid) return null
  const waiting = home.earnings.waitingCents
  const { unpayableCountry } = home.onboarding
  const text = unpayableCountry
    ? `Stripe cannot pay hosts in your country (${unpayableCountry}) from here. We keep your share and pay it to you ourselves.`
    : isAsking
      ? 'Asking Stripe how far you are…'
      : cameBack === 'again'
        ? 'That page had run out. Start once more; what you entered is kept.'
        : home.onboarding.status === 'complete'
          ? 'Stripe is checking your details. This can take a few minutes.'
          : home.onboarding.status === 'started'
            ? cameBack === 'done'
              ? "You left Stripe's form before its end, so Stripe can't pay you yet. What you entered is kept."
              : 'A few details are still missing before Stripe can pay you.'
            : 'Tell Stripe where to send your money. It takes about five minutes.'
  return (
    <div
      className="mb-8 rounded-card bg-accent-soft p-5 text-accent-on-soft sm:flex sm:items-center
        sm:justify-between sm:gap-6
        sm:p-6"
    >
      <div>
        <p className="text-lg leading-snug font-semibold">
          {waiting > 0
            ? `${money(waiting, home.earnings.currency)} is waiting for you`
            : unpayableCountry
              ? 'We pay you another way'
              : 'Set up your payments'}
        </p>
        <p role="status" className="mt-0.5">
          {text}
        </p>
        {start.error && (
          <p role="alert" className="mt-1 font-medium text-danger">
            {sentenceOf(start.error)}
          </p>
        )}
      </div>
      {!unpayableCountry && (
        <Button
          size="small"
          className="mt-4 w-full shrink-0 sm:mt-0 sm:w-auto"
          isBusy={start.isPending || start.isSuccess}
          onClick={() => start.mutate()}
        >
          {home.onboarding.status === 'not_started' ? 'Start with Stripe' : 'Continue with Stripe'}{' '}
          <ArrowUpRight aria-hidden="true" />
        </Button>
      )}
    </div>
  )
}
