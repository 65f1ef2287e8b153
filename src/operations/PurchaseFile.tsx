// One purchase in full, for an operator: payments and refunds, attendance, messages, every posting.
import { useQuery } from '@tanstack/react-query'
import { UserRoundX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useParams } from 'react-router'
import { now } from '../words/clock.ts'
import { ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Evidence } from './Evidence.tsx'
import { Notice } from '../ui/Notice.tsx'
import { FailedPage, Page, PageSkeleton, Section } from '../ui/Page.tsx'
import { MemberDoor } from './MemberDoor.tsx'
import { PaidOtherwise } from './PaidOtherwise.tsx'
import { RefundForm } from './RefundForm.tsx'
import { browserZone, money, when, zoneLabel } from '../words/format.ts'
import type { PurchaseFile as File } from '../../server/journey/operations/purchase-file-view.ts'
import { disputeText, payoutFacts, refundFacts, sessionFacts } from './ops-words.ts'
import { readable } from '../words/phone-number.ts'
import { purchaseFileQuery, useMe } from '../api/queries.ts'
import { planNames } from '../words/session-words.ts'

export default function PurchaseFile() {
  const { id = '' } = useParams()
  const { data: me } = useMe()
  const {
    data: file,
    error,
    isPending,
    refetch,
  } = useQuery({ ...purchaseFileQuery(id), enabled: Boolean(me?.isOperator) })
  if (me && !me.isOperator) {
    return (
      <Page title="Purchase">
        <Notice
          icon={UserRoundX}
          title="This page is for operators"
          action={<ButtonLink to="/">Go home</ButtonLink>}
        />
      </Page>
    )
  }
  if (isPending) return <PageSkeleton />
  if (!file) return <FailedPage title="Purchase" error={error} onRetry={() => void refetch()} />
  return (
    <Page
      title={`${planNames[file.plan]}, ${money(file.amountCents, file.currency)}`}
      lead={`Times are in ${zoneLabel(browserZone(), now())}, amounts in ${file.currency}.`}
      back={{ to: '/ops', label: 'Operations' }}
    >
      {file.payoutsStopped && <Warning>Payouts of this purchase have stopped. {file.payoutsStopped}</Warning>}
      {file.disputes.map((dispute) => (
        <Warning key={dispute.openedAt}>{disputeText(dispute, file.currency, browserZone(), now())}</Warning>
      ))}
      <Section title="Paid">
        <Paid file={file} />
      </Section>
      <Section title="Member">
        <MemberDoor member={file.member} />
      </Section>
      <Section title="Sessions">
        <Card>
          <ul className="divide-y divide-line">
            {file.bookings.map((booking) => (
              <li key={booking.id} className="px-5 py-4 sm:px-6">
                <Line
                  left={`${booking.position}. With ${booking.hostName}`}
                  right={money(booking.leftCents, file.currency)}
                />
                <p className="text-[0.9375rem] text-ink-faint">
                  {sessionFacts(booking, file.currency, browserZone(), now())}
                </p>
                <p className="text-[0.9375rem] text-ink-faint">{payoutFacts(booking, file.currency)}</p>
                <PaidOtherwise booking={booking} />
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
                  <p
                    className={`text-[0.9375rem] ${refund.status === 'failed' ? 'text-danger' : 'text-ink-faint'}`}
                  >
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
        <Card>
          <ul className="tabular divide-y divide-line text-[0.9375rem]">
            {file.postings.map((posting, index) => (
              <li key={index} className="px-5 py-3 sm:px-6">
                <p className="flex flex-wrap justify-between gap-x-4">
                  <span className="font-semibold first-letter:uppercase">
                    {posting.kind.replaceAll('_', ' ')}
                  </span>
                  <span className="text-ink-faint">{when(posting.postedAt, browserZone(), now())}</span>
                </p>
                <dl className="mt-1">
                  {posting.entries.map((entry, at) => (
                    <div key={at} className="flex justify-between gap-4 py-0.5">
                      <dt className="text-ink-soft">{entry.account.replaceAll('_', ' ')}</dt>
                      <dd>{money(entry.amountCents, file.currency)}</dd>
                    </div>
                  ))}
                </dl>
              </li>
            ))}
          </ul>
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
        {member.mobileNumber ? (
          <a
            className="inline-flex min-h-11 items-center underline underline-offset-2 sm:min-h-0"
            href={`tel:${member.mobileNumber}`}
          >
            {readable(member.mobileNumber)}
          </a>
        ) : (
          'Account deleted'
        )}
        {member.email && (
          <>
            {' '}
            ·{' '}
            <a
              className="inline-flex min-h-11 items-center underline underline-offset-2 sm:min-h-0"
              href={`mailto:${member.email}`}
            >
              {member.email}
            </a>
          </>
        )}
        {file.paidAt && <> · {when(file.paidAt, browserZone(), now())}</>}
      </p>
      <p className="mt-1 text-[0.9375rem] text-ink-faint">
        {file.leftCents === file.amountCents
          ? 'Nothing of it was given back.'
          : file.leftCents === 0
            ? 'All of it was given back.'
            : `${money(file.leftCents, file.currency)} of it was not given back.`}{' '}
        {file.receiptUrl && (
          <a
            className="inline-flex min-h-11 items-center underline underline-offset-2 sm:min-h-0"
            href={file.receiptUrl}
            target="_blank"
            rel="noreferrer"
          >
            Receipt
          </a>
        )}
      </p>
      {file.chargeId && (
        <p className="mt-1 text-[0.9375rem] wrap-anywhere text-ink-faint">In Stripe: {file.chargeId}</p>
      )}
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

const Warning = ({ children }: { children: ReactNode }) => (
  <p role="note" className="mb-8 rounded-card bg-danger-soft px-5 py-4 text-danger">
    {children}
  </p>
)
