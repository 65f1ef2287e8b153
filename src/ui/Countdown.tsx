import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import { isRoomOpen } from '../../server/journey/bookings/room-window.ts'
import { dayMs, useNow } from '../words/clock.ts'
import { span, timeOfDay } from '../words/format.ts'

type Timed = Pick<Booking, 'start' | 'end' | 'canJoin' | 'roomOpensAt'>

/** True from 15 minutes before the start, by the server's answer or by the clock, whichever is first. */
export function useIsOpen(session: Timed): boolean {
  const now = useNow(1000)
  if (!session.start || !session.end) return false
  return isRoomOpen(new Date(session.start), new Date(session.end), now)
}

/** "Starts in 12 min", "Started 2 min ago", or when the room opens. */
export function Countdown({ session, zone }: { session: Timed; zone: string }) {
  const now = useNow(1000)
  if (!session.start || !session.end) return null
  const untilStart = Date.parse(session.start) - now.getTime()
  const untilEnd = Date.parse(session.end) - now.getTime()
  if (untilEnd <= 0) return <>Wrapping up</>
  if (untilStart <= 0) return <>Under way for {span(-untilStart)}</>
  const opens = session.roomOpensAt && Date.parse(session.roomOpensAt) > now.getTime() && untilStart < dayMs
  return (
    <>
      Starts in <span className="tabular">{span(untilStart)}</span>
      {opens && session.roomOpensAt && <> · join from {timeOfDay(session.roomOpensAt, zone)}</>}
    </>
  )
}
