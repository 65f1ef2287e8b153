import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../api/api.ts'
import { ApiProblem } from '../api/request.ts'
import type { Booking } from '../../server/journey/bookings/booking-view.ts'
import type { JoinAnswer } from '../../server/journey/rooms/room-view.ts'
import { useNow } from '../words/clock.ts'
import { AfterRoom } from './AfterRoom.tsx'
import { ButtonLink } from '../ui/Button.tsx'
import { Lobby } from './Lobby.tsx'
import { Problem } from '../ui/Notice.tsx'
import { PageSkeleton, usePageTitle } from '../ui/Page.tsx'
import { Room } from './Room.tsx'
import { bookingQuery, promptsQuery, queryClient, useMe } from '../api/queries.ts'
import { rememberVisit, wasVisiting } from './session-visit.ts'
import { sentenceOf } from '../ui/toasts.ts'
import { isOverFor, leaveRoom } from './leave-room.ts'
import { RoomFrame } from './RoomFrame.tsx'

const RatingModal = lazy(() => import('../ratings/RatingModal.tsx'))
const presenceEveryMs = 5000

/** What a session needs is loaded before it, so that a release in the middle of a call takes nothing away. */
const loadAhead = () =>
  Promise.allSettled([
    import('./own/OwnRoom.tsx'),
    import('./own/DeviceDialog.tsx'),
    import('../safety/ReportDialog.tsx'),
    import('../ratings/RatingModal.tsx'),
  ])

export default function VideoSession() {
  const [parameters] = useSearchParams()
  const id = parameters.get('booking') ?? ''
  const booking = useQuery({ ...bookingQuery(id), enabled: id !== '' })
  usePageTitle('Your session')
  useEffect(() => void loadAhead(), [])
  if (id === '' || (booking.isError && !booking.data)) {
    return (
      <RoomFrame>
        <h1 className="sr-only">Your session</h1>
        <Problem
          error={booking.error ?? new ApiProblem(404, 'not_found', 'The link is incomplete.')}
          title="We can't show this session"
        />
        <p className="text-center">
          <ButtonLink to="/" kind="secondary">
            Go to my sessions
          </ButtonLink>
        </p>
      </RoomFrame>
    )
  }
  if (!booking.data)
    return (
      <RoomFrame>
        <PageSkeleton />
      </RoomFrame>
    )
  return <Session key={id} booking={booking.data} />
}

function Session({ booking }: { booking: Booking }) {
  const navigate = useNavigate()
  const { data: me } = useMe()
  const isHost = me?.host?.id === booking.host.id
  const [inside, setInside] = useState<{ room: JoinAnswer; attempt: number }>()
  const [hasLeft, setLeft] = useState(false)
  const [isRebookWanted, setRebookWanted] = useState(false)
  const room = inside?.room
  const isOver = isOverFor(booking, room !== undefined, useNow(1000))
  const visit = { bookingId: booking.id, attempt: booking.attempt }
  const { data: prompts } = useQuery(promptsQuery(booking.id))
  const { data: presence } = useQuery({
    queryKey: ['bookings', booking.id, 'presence'],
    queryFn: () => api.presence(booking.id),
    refetchInterval: presenceEveryMs,
    enabled: !isOver && booking.start !== null,
  })
  const join = useMutation({
    mutationFn: () => api.join(booking.id),
    onSuccess(answer) {
      setLeft(false)
      setInside({ room: answer, attempt: booking.attempt })
      rememberVisit(visit)
    },
    // A slow video provider is asked again, because somebody is waiting.
    retry: (failures, error) =>
      failures < 3 && error instanceof ApiProblem && error.code === 'video_unavailable',
    retryDelay: 1500,
  })
  const leave = useMutation({
    mutationFn: () => leaveRoom(booking, room),
    onMutate: () => rememberVisit(undefined),
    // Leaving succeeds here whatever the server answers: it notices the absence and ends the session itself.
    onSettled() {
      setInside(undefined)
      setLeft(true)
      void queryClient.invalidateQueries({ queryKey: ['bookings'] })
    },
  })
  const { mutate: leaveNow, isIdle: isNotLeaving } = leave
  const { mutate: joinNow } = join
  const canReturn = !isOver && booking.canJoin && wasVisiting(visit)
  const isFirstLook = useRef(true)
  useEffect(() => {
    if (isFirstLook.current && canReturn) joinNow()
    isFirstLook.current = false
  }, [canReturn, joinNow])
  const wasMoved = inside !== undefined && inside.attempt !== booking.attempt
  useEffect(() => {
    if (room && isOver && isNotLeaving) leaveNow()
  }, [room, isOver, isNotLeaving, leaveNow])
  useEffect(() => {
    if (wasMoved) setInside(undefined)
  }, [wasMoved])

  if (room && !wasMoved) {
    return (
      <Room
        bookingId={booking.id}
        room={room}
        presence={presence}
        prompts={prompts}
        isLeaving={leave.isPending}
        onLeave={() => leaveNow()}
        onRejoin={() => joinNow()}
        rebook={isHost ? undefined : { isWanted: isRebookWanted, want: () => setRebookWanted(true) }}
      />
    )
  }
  const rejoin = isOver
    ? undefined
    : () => {
        leave.reset()
        joinNow()
      }
  const home = isHost ? '/host' : '/'
  // No thanks for a session that did not take place or is being looked into.
  const hasMissed =
    booking.state === 'pending' ||
    booking.outcome === 'unknown' ||
    booking.outcome === 'host_no_show' ||
    booking.outcome === 'member_no_show'
  if (hasLeft && !isHost && !hasMissed) {
    const next = isRebookWanted ? `/host-selection?first=${booking.host.id}` : home
    return (
      <RoomFrame>
        <h1 className="sr-only">After your session</h1>
        <Suspense fallback={<PageSkeleton />}>
          <RatingModal bookingId={booking.id} onRejoin={rejoin} onClose={() => void navigate(next)} />
        </Suspense>
      </RoomFrame>
    )
  }
  if (hasLeft || isOver || booking.start === null) {
    return (
      <RoomFrame>
        <AfterRoom
          booking={booking}
          isHost={isHost}
          hasLeft={hasLeft}
          isJoining={join.isPending}
          onRejoin={rejoin}
        />
      </RoomFrame>
    )
  }
  return (
    <RoomFrame>
      <Lobby
        booking={booking}
        isHost={isHost}
        presence={presence}
        prompts={prompts}
        isJoining={join.isPending}
        problem={join.error ? sentenceOf(join.error) : undefined}
        onJoin={() => joinNow()}
      />
    </RoomFrame>
  )
}
