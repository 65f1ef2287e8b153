// The return from a bank's own page: only our server says whether it was paid, live or by polling.
import { useQuery } from '@tanstack/react-query'
import { CreditCard } from 'lucide-react'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import { purchaseQuery, queryClient } from '../api/queries.ts'
import { ButtonLink } from '../ui/Button.tsx'
import { Confirming } from './Confirming.tsx'
import { Notice } from '../ui/Notice.tsx'
import { FailedPage, Page } from '../ui/Page.tsx'

export function PaymentReturn({ purchaseId }: { purchaseId: string }) {
  const navigate = useNavigate()
  const purchase = useQuery(purchaseQuery(purchaseId))
  const status = purchase.data?.status
  const bookingId = status === 'paid' ? purchase.data?.bookingIds[0] : undefined
  useEffect(() => {
    if (!bookingId) return
    void queryClient.invalidateQueries({ queryKey: ['bookings'] })
    void navigate(`/bookings/${bookingId}/schedule?paid=1`, { replace: true })
  }, [bookingId, navigate])
  if (purchase.isError && !purchase.data)
    return <FailedPage title="Your payment" error={purchase.error} onRetry={() => void purchase.refetch()} />
  const isOver = status === 'failed' || status === 'expired'
  return (
    <Page title="Your payment" width="narrow">
      {isOver ? (
        <Notice
          role="alert"
          icon={CreditCard}
          title={status === 'failed' ? "The payment didn't go through" : 'This payment page has run out'}
          action={
            <ButtonLink to={`/plans?host=${purchase.data?.hostId ?? ''}&plan=${purchase.data?.plan ?? ''}`}>
              Try again
            </ButtonLink>
          }
        >
          Nothing was charged.
        </Notice>
      ) : status === 'refunded' ? (
        <Notice
          icon={CreditCard}
          title="This payment was given back"
          action={<ButtonLink to="/">Go to my sessions</ButtonLink>}
        />
      ) : (
        <Confirming isPaid={status === 'paid'} />
      )}
    </Page>
  )
}
