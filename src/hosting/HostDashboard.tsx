import { Tabs } from '@base-ui/react/tabs'
import { useQuery } from '@tanstack/react-query'
import { UserRoundX } from 'lucide-react'
import { useSearchParams } from 'react-router'
import { now } from '../words/clock.ts'
import { ButtonLink } from '../ui/Button.tsx'
import { CalendarFeed } from '../ui/CalendarFeed.tsx'
import { Agree } from '../legal/Agree.tsx'
import { Card } from '../ui/Card.tsx'
import { ConnectedCalendars } from './ConnectedCalendars.tsx'
import { HostEarnings } from './HostEarnings.tsx'
import { HostMembers } from './HostMembers.tsx'
import { HostSessions } from './HostSessions.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Onboarding } from './Onboarding.tsx'
import { FailedPage, Page, PageSkeleton } from '../ui/Page.tsx'
import { OwnCalcom } from './OwnCalcom.tsx'
import { ReceivedRatings } from '../ratings/ReceivedRatings.tsx'
import { TwoWeeks } from './TwoWeeks.tsx'
import { WeeklyHours } from './WeeklyHours.tsx'
import { firstName, zoneLabel } from '../words/format.ts'
import { consentsQuery, hostHomeQuery, useMe } from '../api/queries.ts'

const tabs = { sessions: 'Sessions', hours: 'Hours', members: 'Members', earnings: 'Earnings' }

export default function HostDashboard() {
  const { data: me } = useMe()
  const home = useQuery({ ...hostHomeQuery, enabled: Boolean(me?.host) })
  const consents = useQuery({ ...consentsQuery, enabled: Boolean(me?.host) })
  const [parameters, setParameters] = useSearchParams()
  const asked = parameters.get('tab') ?? ''
  const tab = Object.hasOwn(tabs, asked) ? asked : 'sessions'
  if (me && !me.host) {
    return (
      <Page title="Hosting">
        <Notice
          icon={UserRoundX}
          title="This page is for hosts"
          action={<ButtonLink to="/">Go home</ButtonLink>}
        />
      </Page>
    )
  }
  if (home.isPending || (me?.host && consents.isPending)) return <PageSkeleton />
  if (!home.data) return <FailedPage title="Hosting" error={home.error} onRetry={() => void home.refetch()} />
  if (consents.data && consents.data.missing.length > 0)
    return (
      <Page title={`Welcome, ${firstName(home.data.host.fullName)}`} width="narrow">
        <Card className="p-6 sm:p-8">
          <Agree missing={consents.data.missing} asksNews={false} />
        </Card>
      </Page>
    )
  const { host, sessions, past, members, earnings } = home.data
  const change = (next: string) => setParameters(next === 'sessions' ? {} : { tab: next }, { replace: true })
  return (
    <Page
      title={`Hello, ${firstName(host.fullName)}`}
      lead={`Times are in ${zoneLabel(host.timeZone, now())}, amounts in ${earnings.currency}.`}
    >
      <Onboarding home={home.data} cameBack={parameters.get('onboarding')} />
      <Tabs.Root value={tab} onValueChange={(next: string) => change(next)}>
        <Tabs.List
          className="mb-7 flex gap-1 overflow-x-auto rounded-full bg-sunken p-1
          [scrollbar-width:none]"
        >
          {Object.entries(tabs).map(([value, label]) => (
            <Tabs.Tab
              key={value}
              value={value}
              className="min-h-11 flex-1 rounded-full px-2 text-[0.9375rem] font-medium sm:text-base
                whitespace-nowrap
                text-ink-soft hover:text-ink data-active:bg-raised data-active:text-ink
                data-active:shadow-card sm:px-4"
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="sessions">
          <HostSessions sessions={sessions} past={past} zone={host.timeZone} currency={earnings.currency} />
        </Tabs.Panel>
        <Tabs.Panel value="hours">
          <WeeklyHours />
          {host.calendar === 'calcom' && <OwnCalcom />}
          {host.calendar === 'builtin' && <TwoWeeks />}
          {host.calendar === 'builtin' && <ConnectedCalendars />}
          <CalendarFeed />
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <ReceivedRatings as="host" />
          <HostMembers members={members} zone={host.timeZone} />
        </Tabs.Panel>
        <Tabs.Panel value="earnings">
          <HostEarnings
            zone={host.timeZone}
            isPaidByStripe={home.data.onboarding.unpayableCountry === null}
          />
        </Tabs.Panel>
      </Tabs.Root>
    </Page>
  )
}
