import { CircleCheck, LoaderCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { ButtonLink } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'

const slowAfterMs = 20_000

/** Shown after a payment until our server confirms it. */
export function Confirming({ isPaid }: { isPaid: boolean }) {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status">
      <Notice
        icon={isPaid ? CircleCheck : LoaderCircle}
        title={isPaid ? 'Paid' : 'Confirming your payment'}
        action={
          isSlow && (
            <ButtonLink to="/" kind="secondary">
              Go to my sessions
            </ButtonLink>
          )
        }
      >
        {isSlow
          ? "Your bank is taking its time. You don't need to pay again: the session appears on your dashboard once it's confirmed."
          : 'This takes a few seconds. Please stay with us.'}
      </Notice>
    </div>
  )
}
