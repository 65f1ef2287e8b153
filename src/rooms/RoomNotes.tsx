// Notes during a session, one line at a time.
import { CalendarHeart } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { JoinAnswer, RoomPresence } from '../../server/journey/rooms/room-view.ts'
import { useNow, minuteMs } from '../words/clock.ts'
import { buttonClass } from '../ui/Button.tsx'
import type { Remaining } from './RoomClock.tsx'

/**
 * Asks a person who seems to have left (the provider's red button, a lost
 * connection); nobody is removed on a hint.
 */
export function SelfOut({
  presence,
  role,
  onRejoin,
}: {
  presence: RoomPresence | undefined
  role: JoinAnswer['role']
  onRejoin: () => void
}) {
  const isIn = role === 'host' ? presence?.hostIsIn : presence?.memberIsIn
  const [wasIn, setWasIn] = useState(false)
  useEffect(() => {
    if (isIn) setWasIn(true)
  }, [isIn])
  return (
    <div role="status" className="px-4 sm:px-6">
      {wasIn && isIn === false && (
        <p
          className="rise mb-2.5 flex flex-wrap items-center justify-center gap-x-4 gap-y-1 rounded-control
            bg-sunken py-1.5
            pr-1.5 pl-4 text-ink-soft"
        >
          You have left the picture.
          <button type="button" onClick={onRejoin} className={buttonClass('secondary', 'small')}>
            Come back
          </button>
        </p>
      )}
    </div>
  )
}

type NotesProps = {
  room: JoinAnswer
  presence: RoomPresence | undefined
  phase: Remaining['phase']
  otherName: string
  closing: string | undefined
  /** Offered to a member in the last minutes; undefined to a host. */
  rebook: { isWanted: boolean; want: () => void } | undefined
}

export function RoomNotes({ room, presence, phase, otherName, closing, rebook }: NotesProps) {
  const now = useNow(1000)
  const waiting =
    phase === 'during' && presence?.mayLeaveAt
      ? waitingWords(room.role, otherName, Date.parse(presence.mayLeaveAt) - now.getTime())
      : undefined
  const isEnding = phase === 'closing' || phase === 'over'
  const text =
    phase === 'closing'
      ? `Two minutes left. ${closing ?? 'Is there one thing you would still like to say?'}`
      : phase === 'over'
        ? 'The time is up. Finish your sentence and say goodbye; the room closes by itself.'
        : waiting
  return (
    <div role="status" className="px-4 sm:px-6">
      {text && (
        <div
          className="rise mb-2.5 flex flex-wrap items-center justify-center gap-x-4 gap-y-1 rounded-control
            bg-caution-soft px-4 py-2.5
            text-center text-[0.9875rem] text-caution"
        >
          <p>{text}</p>
          {isEnding &&
            rebook &&
            !waiting &&
            (rebook.isWanted ? (
              <p className="font-semibold">We take you there afterwards.</p>
            ) : (
              <button
                type="button"
                onClick={rebook.want}
                className={buttonClass('secondary', 'small', 'min-h-11')}
              >
                <CalendarHeart aria-hidden="true" /> Meet {otherName} again?
              </button>
            ))}
        </div>
      )}
    </div>
  )
}

/** Tells the waiting person what will happen, and when. */
function waitingWords(role: JoinAnswer['role'], otherName: string, untilMs: number): string {
  const follows =
    role === 'member'
      ? 'the session comes back to you, with seven more days to use it or your money back'
      : 'you are paid for your time all the same'
  const minutes = Math.ceil(untilMs / minuteMs)
  return minutes > 0
    ? `${otherName} isn't here yet. If that is still so in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, you may leave, and ${follows}.`
    : `${otherName} hasn't come. You may leave now: ${follows}.`
}
