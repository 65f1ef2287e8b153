import { useMutation, useQuery } from '@tanstack/react-query'
import { DoorClosed, HeartHandshake } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api, ApiProblem } from '../api.ts'
import type { Booking, JoinAnswer } from '../api-types.ts'
import { now, useNow } from '../clock.ts'
import { Button, ButtonLink } from '../components/Button.tsx'
import { Lobby } from '../components/Lobby.tsx'
import { Logo } from '../components/Logo.tsx'
import { Notice, Problem } from '../components/Notice.tsx'
import { OfflineBanner } from '../components/OfflineBanner.tsx'
import { PageSkeleton, usePageTitle } from '../components/Page.tsx'
import { Room } from '../components/Room.tsx'
import { bookingQuery, promptsQuery, queryClient, useMe } from '../queries.ts'
import { sentenceOf } from '../toasts.ts'

const RatingModal = lazy(() => import('../components/RatingModal.tsx'))
const presenceEveryMs = 5000

function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex h-15 w-full max-w-6xl items-center px-5 sm:px-8">
        <Link
          to="/"
          aria-label="Presence, home"
          className="flex min-h-11 items-center gap-2 rounded-full text-xl font-bold tracking-[-0.03em]"
        >
          <Logo className="size-8 text-accent" /> Presence
        </Link>
      </header>
      <OfflineBanner />
      <main id="content" className="flex-1">{children}</main>
    </div>
  )
}

export default function VideoSession() {
  const [parameters] = useSearchParams()
  const id = parameters.get('booking') ?? ''
  const booking = useQuery({ ...bookingQuery(id), enabled: id !== '' })
  usePageTitle('Your session')
  if (id === '' || (booking.isError && !booking.data)) {
    return (
      <Frame>
        <h1 className="sr-only">Your session</h1>
        <Problem
          error={booking.error ?? new ApiProblem(404, 'not_found', 'The link is incomplete.')}
          title="We can't show this session"
        />
        <p className="text-center"><ButtonLink to="/" kind="secondary">Go to my sessions</ButtonLink></p>
      </Frame>
    )
  }
  if (!booking.data) return <Frame><PageSkeleton /></Frame>
  return <Session key={id} booking={booking.data} />
}

/** Leaves the room, and ends the session where nobody is left in it or its time is up. */
async function leaveRoom(booking: Booking): Promise<void> {
  await api.leave(booking.id)
  const presence = await api.presence(booking.id)
  const isTimeUp = booking.end !== null && Date.parse(booking.end) <= now().getTime()
  const wereBothThere = presence.hostJoinedAt !== null && presence.memberJoinedAt !== null
  if (isTimeUp || (wereBothThere && !presence.hostIsIn && !presence.memberIsIn)) await api.complete(booking.id)
}

function Session({ booking }: { booking: Booking }) {
  const navigate = useNavigate()
  const { data: me } = useMe()
  const isHost = me?.host?.id === booking.host.id
  const [room, setRoom] = useState<JoinAnswer>()
  const [hasLeft, setLeft] = useState(false)
  const moment = useNow(1000)
  const isClosed = booking.roomClosesAt !== null && moment.getTime() >= Date.parse(booking.roomClosesAt)
  const isOver = booking.state !== 'created' || isClosed
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
      setRoom(answer)
    },
  })
  const leave = useMutation({
    mutationFn: () => leaveRoom(booking),
    // Whatever the server answers, somebody who wants to leave has left: it sees them go, and ends the session itself.
    onSettled() {
      setRoom(undefined)
      setLeft(true)
      void queryClient.invalidateQueries({ queryKey: ['bookings'] })
    },
  })
  const { mutate: leaveNow, isIdle: isNotLeaving } = leave
  useEffect(() => {
    if (room && isOver && isNotLeaving) leaveNow()
  }, [room, isOver, isNotLeaving, leaveNow])

  if (room) {
    return (
      <Room
        bookingId={booking.id}
        room={room}
        presence={presence}
        prompts={prompts}
        isLeaving={leave.isPending}
        onLeave={() => leaveNow()}
        onRejoin={() => join.mutate()}
      />
    )
  }
  const rejoin = isOver ? undefined : () => {
    leave.reset()
    join.mutate()
  }
  const home = isHost ? '/host' : '/'
  if (hasLeft && !isHost) {
    return (
      <Frame>
        <h1 className="sr-only">After your session</h1>
        <Suspense fallback={<PageSkeleton />}>
          <RatingModal bookingId={booking.id} onRejoin={rejoin} onClose={() => void navigate(home)} />
        </Suspense>
      </Frame>
    )
  }
  if (hasLeft || isOver || booking.start === null) {
    return (
      <Frame>
        <h1 className="sr-only">Your session</h1>
        <Notice
          icon={hasLeft ? HeartHandshake : DoorClosed}
          title={hasLeft ? 'Thank you for your time' : booking.start === null ? 'This session has no time yet' : 'This session is over'}
          action={
            <>
              {hasLeft && rejoin && <Button kind="secondary" isBusy={join.isPending} onClick={rejoin}>Back to the session</Button>}
              {booking.start === null && !isHost && <ButtonLink to={`/bookings/${booking.id}/schedule`}>Pick a time</ButtonLink>}
              <ButtonLink
                to={home}
                kind={booking.start === null ? 'secondary' : 'primary'}
              >
                Go to {isHost ? 'my hosting' : 'my sessions'}
              </ButtonLink>
            </>
          }
        />
      </Frame>
    )
  }
  return (
    <Frame>
      <Lobby
        booking={booking}
        isHost={isHost}
        presence={presence}
        prompts={prompts}
        isJoining={join.isPending}
        problem={join.error ? sentenceOf(join.error) : undefined}
        onJoin={() => join.mutate()}
      />
    </Frame>
  )
}
