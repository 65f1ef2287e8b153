// Before the room: when it opens, who is there already, and prompts to arrive with.
import { Camera, Video } from 'lucide-react'
import { roomOpensAt } from '../../server/journey/bookings/room-window.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import type { RoomPresence } from '../../server/journey/rooms/room-view.ts'
import { useNow, dayMs } from '../words/clock.ts'
import type { Prompts } from '../../server/journey/messages/prompts-view.ts'
import { firstName, midSentence, span, timeOfDay, when, zoneLabel } from '../words/format.ts'
import { useMediaCheck } from './media-check.ts'
import { useZone } from '../api/queries.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Button, ButtonLink } from '../ui/Button.tsx'
import { Card } from '../ui/Card.tsx'
import { Countdown, useIsOpen } from '../ui/Countdown.tsx'
import { DeviceCheck } from './DeviceCheck.tsx'
import { ReportButton } from '../safety/ReportButton.tsx'
import { PresenceLine } from './PresenceLine.tsx'

type Props = {
  booking: Booking
  isHost: boolean
  presence: RoomPresence | undefined
  prompts: Prompts | undefined
  isJoining: boolean
  problem: string | undefined
  onJoin: () => void
}

export function Lobby({ booking, isHost, presence, prompts, isJoining, problem, onJoin }: Props) {
  const zone = useZone()
  const now = useNow(1000)
  const isOpen = useIsOpen(booking)
  const check = useMediaCheck()
  const otherName = isHost ? booking.member.fullName : booking.host.fullName
  const opensAt = roomOpensAt(new Date(booking.start ?? now))
  const untilOpen = opensAt.getTime() - now.getTime()
  return (
    <div className="rise mx-auto w-full max-w-xl px-5 py-8 sm:py-10">
      <div className="flex flex-col items-center text-center">
        <Avatar fullName={otherName} photoUrl={isHost ? null : booking.host.photoUrl} size="huge" />
        <h1 className="mt-5 text-[1.9rem] sm:text-[2.2rem]">{firstName(otherName)} and you</h1>
        {booking.start && (
          <p className="mt-1.5 text-lg text-ink-soft">
            {when(booking.start, zone, now)}{' '}
            <span className="text-ink-faint">· {zoneLabel(zone, booking.start)}</span>
          </p>
        )}
        <p className="mt-1 text-ink-faint">
          <Countdown session={{ ...booking, roomOpensAt: null }} zone={zone} />
        </p>
      </div>
      <div className="mt-8 flex flex-col items-center gap-4" aria-live="polite">
        {isOpen ? (
          <>
            {presence && (
              <PresenceLine
                name={firstName(otherName)}
                isIn={isHost ? presence.memberIsIn : presence.hostIsIn}
                wasIn={(isHost ? presence.memberJoinedAt : presence.hostJoinedAt) !== null}
                className="text-ink-soft"
              />
            )}
            <Button
              className="w-full max-w-xs"
              isBusy={isJoining}
              onClick={() => {
                // The room opens the devices itself, and some devices allow one user only.
                check.stop()
                onJoin()
              }}
            >
              <Video aria-hidden="true" /> Join session
            </Button>
            {check.state === 'idle' && (
              <p className="text-center text-[0.9375rem] text-ink-faint">
                <Camera className="mr-1.5 mb-0.5 inline size-4" aria-hidden="true" />
                Your browser will ask for camera and microphone.
              </p>
            )}
          </>
        ) : (
          <>
            <p className="rounded-full bg-sunken px-5 py-3 text-center text-balance text-ink-soft">
              The room opens {midSentence(when(opensAt, zone, now))}
              {untilOpen < dayMs && (
                <>
                  , <span className="tabular whitespace-nowrap">in {span(untilOpen)}</span>
                </>
              )}
            </p>
            <p className="text-[0.9375rem] text-ink-faint">
              You can stay here. The button appears by itself.
            </p>
          </>
        )}
        {problem && (
          <p role="alert" className="text-center font-medium text-danger">
            {problem}
          </p>
        )}
      </div>
      <DeviceCheck check={check} />
      {prompts && prompts.preSession.length > 0 && (
        <Card className="mt-6 p-6 sm:p-7">
          <h2 className="text-lg">Before you begin</h2>
          <ul className="mt-4 grid gap-3.5">
            {prompts.preSession.map((prompt) => (
              <li key={prompt} className="border-l-2 border-accent pl-4 text-ink-soft">
                {prompt}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <div className="mt-6 text-center">
        <ReportButton about={{ bookingId: booking.id }} otherName={otherName} />
      </div>
      {!isOpen && (
        <div className="mt-4 text-center">
          <ButtonLink to={isHost ? '/host' : '/'} kind="quiet" size="small">
            Back to {isHost ? 'my hosting' : 'my sessions'}{' '}
            {booking.start && `until ${timeOfDay(opensAt, zone)}`}
          </ButtonLink>
        </div>
      )}
    </div>
  )
}
