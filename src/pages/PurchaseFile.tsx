// One purchase whole, for an operator: what was paid and given back, who was there, what was said, every posting.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useParams } from 'react-router'
import { now } from '../clock.ts'
import { Card } from '../components/Card.tsx'
import { Evidence } from '../components/Evidence.tsx'
import { FailedPage, Page, PageSkeleton, Section } from '../components/Page.tsx'
import { RefundForm } from '../components/RefundForm.tsx'
import { browserZone, money, when, zoneLabel } from '../format.ts'
import type { PurchaseFile as File } from '../money-types.ts'
import { disputeText, payoutFacts, refundFacts, sessionFacts } from '../ops-words.ts'
import { readable } from '../phone-number.ts'
import { purchaseFileQuery, useMe } from '../queries.ts'
import { planNames } from '../session-words.ts'

export default function PurchaseFile() {
  const { id = '' } = useParams()
  const { data: me } = useMe()
  const { data: file, error, isPending, refetch } = useQuery({ ...purchaseFileQuery(id), enabled: Boolean(me?.isOperator) })
  if (isPending && me?.isOperator !== false) return <PageSkeleton />
  if (!file) return <FailedPage title="Purchase" error={error} onRetry={() => void refetch()} />
  return (
    <Page
      title={`${planNames[file.plan]}, ${money(file.amountCents, file.currency)}`}
      lead={`Times are in ${zoneLabel(browserZone(), now())}.`}
      back={{ to: '/ops', label: 'Operations' }}
    >
      {file.payoutsStopped && <Warning>Payouts of this purchase have stopped. {file.payoutsStopped}</Warning>}
      {file.disputes.map((dispute) => (
        <Warning key={dispute.openedAt}>{disputeText(dispute, file.currency, browserZone(), now())}</Warning>
      ))}
      <Section title="Paid"><Paid file={file} /></Section>
      <Section title="Sessions">
        <Card>
          <ul className="divide-y divide-line">
            {file.bookings.map((booking) => (
              <li key={booking.id} className="px-5 py-4 sm:px-6">
                <Line left={`${booking.position}. With ${booking.hostName}`} right={money(booking.leftCents, file.currency)} />
                <p className="text-[0.9375rem] text-ink-faint">{sessionFacts(booking, file.currency, browserZone(), now())}</p>
                <p className="text-[0.9375rem] text-ink-faint">{payoutFacts(booking, file.currency)}</p>
              </li>
            ))}
          </ul>
        </Card>
      </Section>
      <Section title="Refunds">
        {file.refunds.length > 0 && (
          <Card className="mb-4">
            <ul className="divide-y divide-line">
              {file.refunds.map((refund) => (
                <li key={refund.id} className="px-5 py-4 sm:px-6">
                  <Line left={refund.reason} right={money(refund.amountCents, file.currency)} />
                  <p className={`text-[0.9375rem] ${refund.status === 'failed' ? 'text-danger' : 'text-ink-faint'}`}>
                    {refundFacts(refund, browserZone(), now())}
                  </p>
                </li>
              ))}
            </ul>
          </Card>
        )}
        <RefundForm file={file} />
      </Section>
      <Evidence file={file} />
      <Section title="Ledger">
        <Card className="overflow-x-auto p-5 sm:p-6">
          <table className="tabular w-full text-left text-[0.9375rem]">
            <thead className="text-ink-faint"><tr><th className="pr-4 pb-2 font-medium">When</th><th className="pr-4 pb-2 font-medium">Posting</th><th className="pr-4 pb-2 font-medium">Account</th><th className="pb-2 text-right font-medium">Amount</th></tr></thead>
            <tbody>
              {file.postings.flatMap((posting, index) => posting.entries.map((entry, at) => (
                <tr key={`${index}-${at}`} className={at === 0 ? 'border-t border-line' : ''}>
                  <td className="py-1 pr-4 whitespace-nowrap">{at === 0 && when(posting.postedAt, browserZone(), now())}</td>
                  <td className="py-1 pr-4">{at === 0 && posting.kind.replaceAll('_', ' ')}</td>
                  <td className="py-1 pr-4">{entry.account.replaceAll('_', ' ')}</td>
                  <td className="py-1 text-right whitespace-nowrap">{money(entry.amountCents, file.currency)}</td>
                </tr>
              )))}
            </tbody>
          </table>
        </Card>
      </Section>
    </Page>
  )
}

function Paid({ file }: { file: File }) {
  const { member } = file
  return (
    <Card className="p-5 sm:p-6">
      <Line left={member.fullName} right={money(file.amountCents, file.currency)} />
      <p className="text-[0.9375rem] text-ink-faint">
        <a className="underline underline-offset-2" href={`tel:${member.mobileNumber}`}>{readable(member.mobileNumber)}</a>
        {member.email && <> · <a className="underline underline-offset-2" href={`mailto:${member.email}`}>{member.email}</a></>}
        {file.paidAt && <> · {when(file.paidAt, browserZone(), now())}</>}
      </p>
      <p className="mt-1 text-[0.9375rem] text-ink-faint">
        {money(file.leftCents, file.currency)} of it is not given back.{' '}
        {file.receiptUrl && <a className="underline underline-offset-2" href={file.receiptUrl} target="_blank" rel="noreferrer">Receipt</a>}
      </p>
      {file.chargeId && <p className="mt-1 text-[0.9375rem] wrap-anywhere text-ink-faint">In Stripe: {file.chargeId}</p>}
    </Card>
  )
}

function Line({ left, right }: { left: string; right: string }) {
  return (
    <p className="flex items-baseline justify-between gap-4 font-semibold">
      <span className="min-w-0 wrap-anywhere">{left}</span>
      <span className="tabular shrink-0">{right}</span>
    </p>
  )
}

const Warning = ({ children }: { children: ReactNode }) => <p role="note" className="mb-8 rounded-card bg-danger-soft px-5 py-4 text-danger">{children}</p>
