import { locale } from '../words/locale.ts'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, UserRoundX } from 'lucide-react'
import type { Operations as Overview } from '../../server/journey/operations/operations-view.ts'
import { now } from '../words/clock.ts'
import { ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { BlockList } from './BlockList.tsx'
import { ConnectionList } from './ConnectionList.tsx'
import { FindPurchases } from './FindPurchases.tsx'
import { Notice } from '../ui/Notice.tsx'
import { FailedPage, Page, PageSkeleton, Section } from '../ui/Page.tsx'
import { browserZone, zoneLabel } from '../words/format.ts'
import { opsQuery, useMe } from '../api/queries.ts'
import { UnreadyHosts } from './UnreadyHosts.tsx'
import { kindWords, TaskCard } from './TaskCard.tsx'

const countWords: Record<keyof Overview['counts'], string> = {
  membersTotal: 'Members',
  hostsActive: 'Active hosts',
  hostsUnready: 'Hosts not ready',
  purchasesPaid: 'Paid purchases',
  bookingsLive: 'Sessions ahead',
  messagesWaiting: 'Messages waiting',
  jobsFailed: 'Failed jobs',
}

export default function Operations() {
  const { data: me } = useMe()
  const ops = useQuery({ ...opsQuery, enabled: Boolean(me?.isOperator) })
  if (me && !me.isOperator) {
    return (
      <Page title="Operations">
        <Notice
          icon={UserRoundX}
          title="This page is for operators"
          action={<ButtonLink to="/">Go home</ButtonLink>}
        />
      </Page>
    )
  }
  if (ops.isPending) return <PageSkeleton />
  if (!ops.data) return <FailedPage title="Operations" error={ops.error} onRetry={() => void ops.refetch()} />
  return (
    <Page
      title="Operations"
      lead={`What waits for a person. Times are in ${zoneLabel(browserZone(), now())}, amounts in AUD.`}
    >
      <dl className="mb-11 grid grid-cols-2 gap-3 sm:grid-cols-4">
        {(Object.entries(ops.data.counts) as [keyof Overview['counts'], number][]).map(([name, count]) => (
          <Card key={name} className="flex flex-col-reverse px-5 py-4">
            <dd
              className={`tabular text-2xl font-semibold ${name === 'jobsFailed' && count > 0 ? 'text-danger' : ''}`}
            >
              {count.toLocaleString(locale())}
            </dd>
            <dt className="text-[0.9375rem] text-ink-faint">{countWords[name]}</dt>
          </Card>
        ))}
      </dl>
      <Section title="To decide">
        {ops.data.tasks.length === 0 ? (
          <Card>
            <Notice icon={CircleCheck} title="Nothing waits">
              Everything runs by itself at the moment.
            </Notice>
          </Card>
        ) : (
          <ul className="grid gap-4">
            <li className="text-[0.9375rem] text-ink-faint">
              {ops.data.waiting.map(({ kind, count }) => `${kindWords[kind]} ${count}`).join(' · ')}
            </li>
            {ops.data.tasks.map((task) => (
              <li key={task.id}>
                <TaskCard task={task} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      {ops.data.unreadyHosts.length > 0 && (
        <Section title="Hosts who are not ready">
          <UnreadyHosts hosts={ops.data.unreadyHosts} total={ops.data.counts.hostsUnready} />
        </Section>
      )}
      <Section title="Connections">
        <ConnectionList />
      </Section>
      <Section title="Kept apart">
        <BlockList />
      </Section>
      <Section title="Purchases">
        <FindPurchases />
      </Section>
    </Page>
  )
}
