// Shown when there is no room: what happened, and where to go next.
import { CalendarClock, DoorClosed, HeartHandshake, ShieldQuestion, type LucideIcon } from 'lucide-react'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { firstName } from '../words/format.ts'
import { Button, ButtonLink } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { ReportButton } from '../safety/ReportButton.tsx'
import { Rating } from '../ratings/Rating.tsx'

type Props = {
  booking: Booking
  isHost: boolean
  hasLeft: boolean
  isJoining: boolean
  onRejoin: (() => void) | undefined
}

export function AfterRoom({ booking, isHost, hasLeft, isJoining, onRejoin }: Props) {
  const { title, text, icon } = wordsFor(booking, isHost, hasLeft)
  const canPickTime = booking.state === 'pending' && !isHost
  return (
    <>
      <h1 className="sr-only">Your session</h1>
      <Notice
        icon={icon}
        title={title}
        action={
          <>
            {hasLeft && onRejoin && booking.state === 'created' && booking.outcome === null && (
              <Button kind="secondary" isBusy={isJoining} onClick={onRejoin}>
                Back to the session
              </Button>
            )}
            {canPickTime && <ButtonLink to={`/bookings/${booking.id}/schedule`}>Pick a time</ButtonLink>}
            <ButtonLink to={isHost ? '/host' : '/'} kind={canPickTime ? 'secondary' : 'primary'}>
              Go to {isHost ? 'my hosting' : 'my sessions'}
            </ButtonLink>
          </>
        }
      >
        {text}
      </Notice>
      {!booking.isBlocked && (
        <p className="-mt-8 pb-8 text-center">
          <ReportButton
            about={{ bookingId: booking.id }}
            otherName={isHost ? booking.member.fullName : booking.host.fullName}
          />
        </p>
      )}
      {isHost && booking.outcome === 'held' && (
        <div className="mx-auto -mt-4 w-fit max-w-md px-5 pb-8">
          <Rating bookingId={booking.id} otherName={firstName(booking.member.fullName)} />
        </div>
      )}
    </>
  )
}

function wordsFor(
  booking: Booking,
  isHost: boolean,
  hasLeft: boolean,
): { title: string; text?: string; icon: LucideIcon } {
  const host = firstName(booking.host.fullName)
  const member = firstName(booking.member.fullName)
  if (booking.outcome === 'host_no_show') {
    return isHost
      ? {
          icon: DoorClosed,
          title: 'This session did not take place',
          text: `You were not there, and ${member} has the session back.`,
        }
      : {
          icon: CalendarClock,
          title: `We are sorry: ${host} did not come`,
          text: 'Your session is yours again, with seven more days to use it. You can also have your money back.',
        }
  }
  if (booking.outcome === 'member_no_show') {
    return isHost
      ? {
          icon: HeartHandshake,
          title: `${member} did not come`,
          text: 'Thank you for waiting. You are paid for your time all the same.',
        }
      : {
          icon: DoorClosed,
          title: 'This session is over',
          text: `${host} waited for you. A session that is missed cannot be given back.`,
        }
  }
  if (booking.outcome === 'unknown')
    return {
      icon: ShieldQuestion,
      title: 'This session has ended',
      text: `A person of our team looks at what happened and will be in touch. ${isHost ? 'Your payment waits until then.' : "Until then your session isn't used up."}`,
    }
  if (booking.givenBackBy === 'presence')
    return {
      icon: ShieldQuestion,
      title: 'We ended this session',
      text: isHost
        ? 'It does not take place. Your time is free again.'
        : 'It is yours again: choose another host, or take your money back.',
    }
  if (booking.start === null) return { icon: CalendarClock, title: 'This session has no time yet' }
  return hasLeft
    ? { icon: HeartHandshake, title: 'Thank you for your time' }
    : { icon: DoorClosed, title: 'This session is over' }
}
