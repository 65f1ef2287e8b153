import { useQuery } from '@tanstack/react-query'
import { Printer, ReceiptText } from 'lucide-react'
import { useParams } from 'react-router'
import { ApiProblem } from '../api/request.ts'
import { now } from '../words/clock.ts'
import { Button, ButtonLink, buttonClass } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Notice } from '../ui/Notice.tsx'
import { FailedPage, Page, PageSkeleton } from '../ui/Page.tsx'
import { money, when } from '../words/format.ts'
import { receiptQuery, useZone } from '../api/queries.ts'

/** Formats an ABN: 51824753556 as 51 824 753 556. */
const spaced = (abn: string) => abn.replace(/^(\d{2})(\d{3})(\d{3})(\d{3})$/, '$1 $2 $3 $4')

export default function Receipt() {
  const { id = '' } = useParams()
  const zone = useZone()
  const { data: receipt, error, isPending, refetch } = useQuery(receiptQuery(id))
  if (isPending) return <PageSkeleton />
  if (!receipt) {
    if (!(error instanceof ApiProblem && error.status === 404))
      return <FailedPage title="Receipt" error={error} onRetry={() => void refetch()} />
    return (
      <Page title="Receipt">
        <Notice
          icon={ReceiptText}
          title="This receipt isn't yours, or isn't there"
          action={<ButtonLink to="/">Go home</ButtonLink>}
        />
      </Page>
    )
  }
  const rows: [string, string][] = [
    ['Number', receipt.number],
    ['Paid', when(receipt.paidAt, zone, now())],
    ['From', receipt.seller.name],
    ...(receipt.seller.abn ? [['ABN', spaced(receipt.seller.abn)] as [string, string]] : []),
    ['To', receipt.memberName],
    ['For', receipt.description],
  ]
  return (
    <Page
      title={receipt.isTaxInvoice ? 'Tax invoice' : 'Receipt'}
      width="narrow"
      back={{ to: '/', label: 'Your sessions' }}
    >
      <Card className="p-6 sm:p-8">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-3">
          {rows.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-faint">{name}</dt>
              <dd className="text-right font-medium wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
        <dl className="tabular mt-6 grid gap-2 border-t border-line pt-5">
          <Amount
            name={receipt.gstCents > 0 ? 'Total, with GST' : 'Total'}
            value={`${money(receipt.amountCents, receipt.currency)} ${receipt.currency}`}
            isTotal
          />
          {receipt.gstCents > 0 && (
            <Amount name="Including GST" value={money(receipt.gstCents, receipt.currency)} />
          )}
          {receipt.refundedCents > 0 && (
            <Amount name="Given back" value={`−${money(receipt.refundedCents, receipt.currency)}`} />
          )}
          {receipt.refundedGstCents > 0 && (
            <Amount name="Including GST" value={`−${money(receipt.refundedGstCents, receipt.currency)}`} />
          )}
        </dl>
      </Card>
      <div className="mt-5 flex flex-wrap gap-2.5 print:hidden">
        <Button kind="secondary" size="small" onClick={() => window.print()}>
          <Printer aria-hidden="true" /> Print
        </Button>
        {receipt.receiptUrl && (
          <a
            href={receipt.receiptUrl}
            target="_blank"
            rel="noreferrer"
            className={buttonClass('quiet', 'small')}
          >
            Stripe's receipt
          </a>
        )}
      </div>
    </Page>
  )
}

function Amount({ name, value, isTotal = false }: { name: string; value: string; isTotal?: boolean }) {
  return (
    <div
      className={`flex items-baseline justify-between gap-4 ${isTotal ? 'text-xl font-semibold' : 'text-ink-soft'}`}
    >
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
