// Notices in place of the calendar: it is unavailable, it has no free time, or the chosen time is gone.
import { useQuery } from '@tanstack/react-query'
import { CalendarOff, CalendarX2, RotateCw } from 'lucide-react'
import { api } from '../api/api.ts'
import { ApiProblem } from '../api/request.ts'
import { now } from '../words/clock.ts'
import { firstName, midSentence, when } from '../words/format.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { Button, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Notice } from '../ui/Notice.tsx'

type Looking = {
  otherHostsPath: string | undefined
  /** Offered where the session is not used yet: nobody is left without a way on. */
  onRefund?: (() => void) | undefined
  isLooking: boolean
  onLook: () => void
}

export function CalendarDown({
  host,
  zone,
  otherHostsPath,
  onRefund,
  isLooking,
  onLook,
}: Looking & { host: { id: string; fullName: string }; zone: string }) {
  return (
    <Card>
      <Notice
        role="alert"
        icon={CalendarX2}
        title={`${firstName(host.fullName)}'s calendar isn't answering`}
        action={
          <>
            <Button kind={otherHostsPath ? 'secondary' : 'primary'} isBusy={isLooking} onClick={onLook}>
              <RotateCw aria-hidden="true" /> Try again
            </Button>
            {otherHostsPath && <ButtonLink to={otherHostsPath}>See other hosts</ButtonLink>}
            {onRefund && <RefundButton onRefund={onRefund} />}
          </>
        }
      >
        Your session is safe. Try again in a little while{otherHostsPath ? ', or meet somebody else' : ''}.
      </Notice>
      {otherHostsPath && <OthersFree path={otherHostsPath} zone={zone} exceptId={host.id} />}
    </Card>
  )
}

/** Hosts who can be booked now, while this one's calendar is away. */
function OthersFree({ path, zone, exceptId }: { path: string; zone: string; exceptId: string }) {
  const hosts = useQuery({
    queryKey: ['hosts', 'free'],
    queryFn: ({ signal }) => api.hosts({ sort: 'next', limit: 4 }, signal),
  })
  const free = (hosts.data?.hosts ?? []).filter((one) => one.id !== exceptId && one.nextFree).slice(0, 3)
  if (free.length === 0) return null
  return (
    <ul aria-label="Hosts who are free" className="grid gap-2 border-t border-line p-4 sm:p-6">
      {free.map((one) => (
        <li key={one.id}>
          <ButtonLink
            kind="secondary"
            className="w-full"
            to={path.replace(/^\/host-selection\?for=(.*)$/, `/bookings/$1/schedule?host=${one.id}`)}
          >
            {one.fullName}, {midSentence(when(one.nextFree!, zone, now()))}
          </ButtonLink>
        </li>
      ))}
    </ul>
  )
}

function RefundButton({ onRefund }: { onRefund: () => void }) {
  return (
    <Button kind="secondary" onClick={onRefund}>
      Get your money back
    </Button>
  )
}

export function NoFreeTimes({
  name,
  until,
  otherHostsPath,
  onRefund,
  isLooking,
  onLook,
}: Looking & { name: string; until: string }) {
  return (
    <Card>
      <Notice
        icon={CalendarOff}
        title={`${name} has no free times`}
        action={
          <>
            {otherHostsPath && <ButtonLink to={otherHostsPath}>See other hosts</ButtonLink>}
            <Button kind="secondary" isBusy={isLooking} onClick={onLook}>
              Look again
            </Button>
            {onRefund && <RefundButton onRefund={onRefund} />}
          </>
        }
      >
        None before the session has to be used, {midSentence(until)}. Times do open up when others move
        theirs.
      </Notice>
    </Card>
  )
}

type RefusedProps = {
  refusal: unknown
  zone: string
  isUsable: (start: string) => boolean
  onChoose: (start: string) => void
}

/** Why the time was refused, with the nearest free ones as buttons. */
export function Refused({ refusal, zone, isUsable, onChoose }: RefusedProps) {
  const nearest = refusal instanceof ApiProblem ? refusal.nearest.filter(isUsable) : []
  return (
    <div role="alert" className="mb-4 rounded-control bg-caution-soft px-4 py-3 font-medium text-caution">
      <p>{sentenceOf(refusal)}</p>
      {nearest.length > 0 && (
        <div className="mt-2 flex flex-wrap gap-2">
          {nearest.map((near) => (
            <Button key={near} kind="secondary" size="small" onClick={() => onChoose(near)}>
              {when(near, zone, now())}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}
