import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { Link } from 'react-router'
import { now } from '../words/clock.ts'
import { browserZone, money, when } from '../words/format.ts'
import type { FoundPurchase } from '../../server/journey/operations/found-purchases-view.ts'
import { readable } from '../words/phone-number.ts'
import { foundPurchasesQuery } from '../api/queries.ts'
import { planNames } from '../words/session-words.ts'
import { Card } from '../ui/Card.tsx'
import { Problem } from '../ui/Notice.tsx'
import { TextField } from '../ui/TextField.tsx'

/** The newest purchases, or those of one person; the way to a refund. */
export function FindPurchases() {
  const [wanted, setWanted] = useState('')
  const asked = useDeferredValue(wanted.trim())
  const found = useQuery(foundPurchasesQuery(asked))
  return (
    <>
      <div className="mb-4">
        <TextField
          label="Find a purchase"
          hint="By name, mobile number, receipt number or Stripe's charge"
          type="search"
          value={wanted}
          onText={setWanted}
          maxLength={100}
        />
      </div>
      {found.isError && !found.data ? (
        <Problem error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data?.length === 0 ? (
        <p className="text-ink-soft">{asked === '' ? 'Nobody has paid yet.' : 'No purchase fits that.'}</p>
      ) : (
        <Card>
          <ul className="divide-y divide-line">
            {found.data?.map((purchase) => (
              <li key={purchase.id}>
                <Row purchase={purchase} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}

function Row({ purchase }: { purchase: FoundPurchase }) {
  const marks = [
    purchase.isDisputed ? 'disputed' : '',
    purchase.isStopped ? 'payouts stopped' : '',
    purchase.refundedCents > 0 ? `${money(purchase.refundedCents, purchase.currency)} given back` : '',
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <Link
      to={`/ops/purchases/${purchase.id}`}
      className="flex min-h-16 items-center gap-4 px-5 py-3 hover:bg-sunken/60 sm:px-6"
    >
      <span className="min-w-0 flex-1 leading-snug">
        <span className="block font-semibold">{purchase.memberName || 'No name'}</span>
        <span className="block text-[0.9375rem] text-ink-faint">
          {purchase.memberNumber ? readable(purchase.memberNumber) : 'Account deleted'} ·{' '}
          {when(purchase.paidAt, browserZone(), now())}
        </span>
        {marks && <span className="block text-[0.9375rem] text-caution">{marks}</span>}
      </span>
      <span className="shrink-0 text-right leading-snug">
        <span className="tabular block font-semibold">{money(purchase.amountCents, purchase.currency)}</span>
        <span className="text-[0.9375rem] text-ink-faint">{planNames[purchase.plan]}</span>
      </span>
      <ChevronRight className="size-5 shrink-0 text-ink-faint" aria-hidden="true" />
    </Link>
  )
}
