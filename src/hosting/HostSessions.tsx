import { CalendarHeart, Video } from 'lucide-react'
import { useState } from 'react'
import { plans } from '../../server/journey/plans/plan.ts'
import type { Currency } from '../../server/lib/money.ts'
import type { HostSession } from '../../server/journey/payouts/host-dashboard-view.ts'
import { hourMs, now } from '../words/clock.ts'
import { day, shortMoney, timeOfDay, when } from '../words/format.ts'
import { hostOutcomeText, payoutText } from '../words/host-words.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Countdown, useIsOpen } from '../ui/Countdown.tsx'
import { Notice } from '../ui/Notice.tsx'
import { Section } from '../ui/Page.tsx'
import { ReportButton } from '../safety/ReportButton.tsx'
import { CancelSession } from './CancelSession.tsx'

type Props = { sessions: HostSession[]; past: HostSession[]; zone: string; currency: Currency }

export function HostSessions({ sessions, past, zone, currency }: Props) {
  const [cancelling, setCancelling] = useState<HostSession>()
  return (
    <>
      <Section title="Upcoming">
        {sessions.length === 0 ? (
          <Card>
            <Notice icon={CalendarHeart} title="Nobody is booked yet">
              When a member picks a time with you, it appears here, and we text you before it starts.
            </Notice>
          </Card>
        ) : (
          <ul className="grid gap-4">
            {sessions.map((session) => (
              <li key={session.id}>
                <Upcoming
                  session={session}
                  zone={zone}
                  currency={currency}
                  onCancel={() => setCancelling(session)}
                />
              </li>
            ))}
          </ul>
        )}
      </Section>
      {past.length > 0 && (
        <Section title="Past">
          <Card>
            <ul className="divide-y divide-line">
              {past.map((session) => (
                <li key={session.id} className="flex items-center gap-4 px-5 py-4 sm:px-6">
                  <Avatar fullName={session.member.fullName} size="small" />
                  <p className="min-w-0 flex-1 leading-snug">
                    <span className="block font-semibold">{session.member.fullName}</span>
                    <span className="text-[0.9375rem] text-ink-faint">
                      {when(session.start, zone, now())} · {hostOutcomeText(session)}
                    </span>
                  </p>
                  <p className="text-right leading-snug">
                    <span className="tabular block font-semibold">
                      {shortMoney(session.hostShareCents, currency)}
                    </span>
                    <span className="text-[0.9375rem] text-ink-faint">
                      {payoutText[session.payoutStatus]}
                    </span>
                  </p>
                  <ReportButton
                    about={{ bookingId: session.id }}
                    otherName={session.member.fullName}
                    label="Report"
                  />
                </li>
              ))}
            </ul>
          </Card>
        </Section>
      )}
      {cancelling && (
        <CancelSession session={cancelling} zone={zone} onClose={() => setCancelling(undefined)} />
      )}
    </>
  )
}

type UpcomingProps = { session: HostSession; zone: string; currency: Currency; onCancel: () => void }

function Upcoming({ session, zone, currency, onCancel }: UpcomingProps) {
  const isOpen = useIsOpen(session)
  const hasStarted = Date.parse(session.start) <= now().getTime()
  return (
    <Card
      className={`flex flex-wrap items-center gap-x-5 gap-y-4 p-5 sm:p-6 ${isOpen ? 'border-accent/60 ring-1 ring-accent/50' : ''}`}
    >
      <Avatar fullName={session.member.fullName} />
      <div className="min-w-0 flex-1">
        <p className="text-lg leading-snug font-semibold tracking-[-0.015em]">
          {day(session.start, zone, now())}, {timeOfDay(session.start, zone)}
        </p>
        <p className="text-ink-soft">
          with {session.member.fullName} · {shortMoney(session.hostShareCents, currency)}
        </p>
        <p className="text-[0.9375rem] text-ink-faint">
          <Countdown session={session} zone={zone} />
        </p>
        {session.member.hasStoppedTexts && (
          <p className="text-[0.9375rem] text-ink-faint">Gets no text messages from us just now.</p>
        )}
      </div>
      <div className="flex w-full justify-end gap-2.5 sm:w-auto" aria-live="polite">
        {Date.parse(session.start) - now().getTime() >= plans.Adhoc.freeChangeHours * hourMs && (
          <ButtonLink
            to={`/host/bookings/${session.id}/move`}
            kind="secondary"
            size="small"
            aria-label={`Move the session with ${session.member.fullName}`}
          >
            Move
          </ButtonLink>
        )}
        {!hasStarted && (
          <Button
            kind="secondary"
            size="small"
            onClick={onCancel}
            aria-label={`Cancel the session with ${session.member.fullName}`}
          >
            Cancel
          </Button>
        )}
        <ReportButton about={{ bookingId: session.id }} otherName={session.member.fullName} label="Report" />
        {isOpen && (
          <ButtonLink
            to={`/video-session?booking=${session.id}`}
            size="small"
            className="flex-1 sm:flex-none"
          >
            <Video aria-hidden="true" /> Join session
          </ButtonLink>
        )}
      </div>
    </Card>
  )
}
