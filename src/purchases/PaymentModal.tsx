// The payment modal: Stripe's embedded checkout in our own dialog. Only our server says whether it was paid,
// live or by polling, so a closed window or a second tab ends correctly too.
import { EmbeddedCheckout, EmbeddedCheckoutProvider } from '@stripe/react-stripe-js'
import { useQuery } from '@tanstack/react-query'
import { CreditCard } from 'lucide-react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/api.ts'
import type { Host } from '../../server/journey/hosts/host-view.ts'
import type { Terms } from '../../server/journey/plans/plan.ts'
import { money } from '../words/format.ts'
import { consentsQuery, purchaseQuery, queryClient, settingsQuery } from '../api/queries.ts'
import { planNames } from '../words/session-words.ts'
import { stripeFrom } from './stripe-script.ts'
import { say } from '../ui/toasts.ts'
import { Button } from '../ui/Button.tsx'
import { Agree } from '../legal/Agree.tsx'
import { Confirming } from './Confirming.tsx'
import { Notice, Problem } from '../ui/Notice.tsx'
import { Sheet } from '../ui/Sheet.tsx'

type Props = { terms: Terms; host: Host; onClose: () => void }

export default function PaymentModal({ terms, host, onClose }: Props) {
  const navigate = useNavigate()
  const [attempt, setAttempt] = useState(0)
  const [isComplete, setComplete] = useState(false)
  const consents = useQuery(consentsQuery)
  const hasAgreed = consents.data?.missing.length === 0
  const checkout = useQuery({
    queryKey: ['checkout', terms.plan, host.id, attempt],
    async queryFn() {
      const settings = await queryClient.ensureQueryData(settingsQuery)
      const stripe = await stripeFrom(settings.stripeJsUrl, settings.stripePublishableKey)
      return { stripe, ...(await api.checkout(terms.plan, host.id)) }
    },
    enabled: hasAgreed,
    // Static: a refetch on reconnection must not open a second checkout while somebody is paying.
    staleTime: 'static',
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    structuralSharing: false,
  })
  const purchaseId = checkout.data?.purchaseId ?? ''
  const { data: purchase } = useQuery(purchaseQuery(purchaseId))
  const status = purchase?.status ?? 'open'
  const bookingId = status === 'paid' ? purchase?.bookingIds[0] : undefined

  useEffect(() => {
    if (!bookingId) return
    void queryClient.invalidateQueries({ queryKey: ['bookings'] })
    void navigate(`/bookings/${bookingId}/schedule?paid=1`, { replace: true })
  }, [bookingId, navigate])

  const complete = useCallback(() => setComplete(true), [])

  function close() {
    if (isComplete) say("We'll add your session as soon as the payment is confirmed")
    else if (status === 'open' && checkout.data) say('Nothing was charged')
    onClose()
  }

  function again() {
    setComplete(false)
    setAttempt(attempt + 1)
  }

  return (
    <Sheet title={`${planNames[terms.plan]} with ${host.fullName}`} onClose={close} width="wide">
      <p className="mb-5 text-ink-soft">
        {money(terms.priceCents, terms.currency)} {terms.currency}, paid once. It doesn't renew.
      </p>
      {consents.isError ? (
        <Problem error={consents.error} onRetry={() => void consents.refetch()} />
      ) : consents.data && !hasAgreed ? (
        <Agree missing={consents.data.missing} asksNews={consents.data.given.length === 0} />
      ) : status === 'failed' || status === 'expired' ? (
        <Notice
          role="alert"
          icon={CreditCard}
          title={status === 'failed' ? "The payment didn't go through" : 'This payment page has run out'}
          action={<Button onClick={again}>Try again</Button>}
        >
          Nothing was charged.
        </Notice>
      ) : isComplete || status === 'paid' ? (
        <Confirming isPaid={status === 'paid'} />
      ) : checkout.isError ? (
        <Problem error={checkout.error} onRetry={again} title="The payment page didn't open" />
      ) : checkout.data ? (
        <Checkout key={purchaseId} {...checkout.data} onComplete={complete} />
      ) : (
        <div role="status" aria-label="Opening the payment page" className="grid gap-3 pb-4">
          <div className="skeleton h-13" />
          <div className="skeleton h-13" />
          <div className="skeleton h-13 w-1/2" />
          <div className="skeleton mt-3 h-13 rounded-full" />
        </div>
      )}
    </Sheet>
  )
}

type CheckoutProps = {
  stripe: Awaited<ReturnType<typeof stripeFrom>>
  clientSecret: string
  onComplete: () => void
}

function Checkout({ stripe, clientSecret, onComplete }: CheckoutProps) {
  // Stripe's provider refuses changed options, so they are created once.
  const options = useMemo(() => ({ clientSecret, onComplete }), [clientSecret, onComplete])
  return (
    <div className="min-h-96 overflow-hidden rounded-control">
      <EmbeddedCheckoutProvider stripe={stripe} options={options}>
        <EmbeddedCheckout />
      </EmbeddedCheckoutProvider>
    </div>
  )
}
