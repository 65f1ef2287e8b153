// One session, opened by the link of an SMS: without sign-in, and only its time can be changed.
import { useMutation, useQuery } from '@tanstack/react-query'
import { CalendarX2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useParams } from 'react-router'
import { plans } from '../../server/journey/plans/plan.ts'
import { api } from '../api/api.ts'
import type { Managed } from '../../server/journey/bookings/booking-view.ts'
import { useNow } from '../words/clock.ts'
import { Button, buttonClass, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { ReportButton } from '../safety/ReportButton.tsx'
import { MoveTime } from './MoveTime.tsx'
import { Notice, Problem } from '../ui/Notice.tsx'
import { Page, PageSkeleton } from '../ui/Page.tsx'
import { ApiProblem } from '../api/request.ts'
import { SessionHead } from './SessionHead.tsx'
import { firstName, midSentence, when } from '../words/format.ts'
import { managedQuery, queryClient } from '../api/queries.ts'
import { cancelConsequence, freeChangeHours, hostLeadHours, isStillFree } from '../words/session-words.ts'
import { say, sentenceOf } from '../ui/toasts.ts'

export default function Manage() {
  const { token = '' } = useParams()
  const managed = useQuery(managedQuery(token))
  if (managed.isPending) return <PageSkeleton />
  if (!managed.data) {
    return (
      <Page title="Your session">
        <Problem
          error={managed.error}
          onRetry={() => void managed.refetch()}
          title="This link doesn't lead anywhere now"
        />
        {managed.error instanceof ApiProblem && managed.error.code === 'session_over' && (
          <p className="-mt-6 text-center">
            <ReportButton about={{ token }} otherName="the other person" />
          </p>
        )}
      </Page>
    )
  }
  return <One token={token} {...managed.data} />
}

function One({ token, role, timeZone, booking }: Managed & { token: string }) {
  const now = useNow(30_000)
  const [doing, setDoing] = useState<'look' | 'move' | 'cancel'>('look')
  // The pressed button is gone with its step, so keyboard focus moves to the text that says what is next.
  const here = useRef<HTMLDivElement>(null)
  const [isForfeited, setForfeited] = useState(false)
  const step = `${doing} ${booking.state} ${isForfeited}`
  const shown = useRef(step)
  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    here.current?.focus()
  }, [step])
  const asked = useMemo(() => ({ token }), [token])
  const renew = () => queryClient.invalidateQueries({ queryKey: ['managed', token] })
  const cancel = useMutation({
    mutationFn: () => api.cancelManaged(token),
    async onSuccess() {
      // A late cancellation ends the session, and with it the link.
      setForfeited(role === 'member' && !isStillFree(booking, now))
      await renew()
      setDoing('look')
      say('The session is cancelled')
    },
  })
  const other = role === 'host' ? booking.member.fullName : booking.host.fullName
  const file = (
    <a href={api.managedFileUrl(token)} download className={buttonClass('quiet', 'small', 'px-3')}>
      Calendar file
    </a>
  )
  if (isForfeited || booking.state !== 'created' || !booking.start) {
    return (
      <Page title="Your session" width="narrow">
        <Card ref={here} tabIndex={-1}>
          <Notice
            icon={CalendarX2}
            title={booking.givenBackBy === 'presence' ? 'We ended this session' : 'This session is cancelled'}
            action={
              role === 'member' &&
              (isForfeited ? (
                <ButtonLink to="/">My sessions</ButtonLink>
              ) : (
                <ButtonLink to="/">Pick a new time</ButtonLink>
              ))
            }
          >
            {isForfeited
              ? `It was less than ${freeChangeHours(booking)} hours away, so it is used up and ${firstName(other)} is paid.`
              : role === 'member'
                ? `It is yours again, to use until ${midSentence(when(booking.validUntil, timeZone, now))}.`
                : `${firstName(other)} has been told.`}
            {!isForfeited && (
              <span className="mt-2 block">To take it out of your own calendar, open the file.</span>
            )}
            {!isForfeited && file}
            {!booking.isBlocked && <ReportButton about={{ token }} otherName={other} />}
          </Notice>
        </Card>
      </Page>
    )
  }
  const hasStarted = Date.parse(booking.start) <= now.getTime()
  const isFree = isStillFree(booking, now)
  return (
    <Page title="Your session" width={doing === 'move' ? 'roomy' : 'narrow'}>
      <Card ref={here} tabIndex={-1} className="p-6 sm:p-8">
        <SessionHead
          start={booking.start}
          timeZone={timeZone}
          other={other}
          photoUrl={role === 'member' ? booking.host.photoUrl : null}
        />
        {doing === 'cancel' ? (
          <div className="mt-6">
            <p className="text-lg text-ink-soft">
              {role === 'member'
                ? cancelConsequence(booking, timeZone, now)
                : `${firstName(other)} gets the session back with ${plans.Adhoc.hostFailureExtensionDays} more days to use it, or a refund. You aren't paid for it.`}
            </p>
            {cancel.error && (
              <p role="alert" className="mt-4 font-medium text-danger">
                {sentenceOf(cancel.error)}
              </p>
            )}
            <div className="mt-5 flex flex-wrap gap-3">
              <Button kind="danger" isBusy={cancel.isPending} onClick={() => cancel.mutate()}>
                Yes, cancel it
              </Button>
              <Button kind="secondary" onClick={() => setDoing('look')}>
                Keep it
              </Button>
            </div>
          </div>
        ) : (
          <>
            <p className="mt-6 text-ink-soft">
              {hasStarted
                ? 'It has begun.'
                : isFree && booking.freeChangeUntil
                  ? `Moving or cancelling costs nothing until ${midSentence(when(booking.freeChangeUntil, timeZone, now))}.`
                  : `It starts in less than ${freeChangeHours(booking)} hours, so it can't be moved any more.`}
            </p>
            <div className="mt-5 flex flex-wrap gap-3">
              {!hasStarted && isFree && doing !== 'move' && (
                <Button onClick={() => setDoing('move')}>Move it</Button>
              )}
              {doing === 'move' && (
                <Button kind="secondary" onClick={() => setDoing('look')}>
                  Keep this time
                </Button>
              )}
              {!hasStarted && (
                <Button kind="secondary" onClick={() => setDoing('cancel')}>
                  Cancel it
                </Button>
              )}
              {file}
              {!booking.isBlocked && <ReportButton about={{ token }} otherName={other} />}
            </div>
          </>
        )}
      </Card>
      {doing === 'move' && (
        <div className="mt-6">
          <MoveTime
            booking={booking}
            asked={asked}
            timeZone={timeZone}
            {...(role === 'host' ? { leadHours: hostLeadHours(booking) } : {})}
            move={(start) => api.moveManaged(token, start)}
            onMoved={async () => {
              await renew()
              setDoing('look')
            }}
          />
        </div>
      )}
    </Page>
  )
}
