// Our own video room: the other's picture, the person's own in the corner, and the controls.
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { OwnVisit } from '../../../server/journey/rooms/room-view.ts'
import { openOwnRoom } from './own-room.ts'
import type { OwnRoom as Call, RoomView } from './room-view.ts'
import { Button } from '../../ui/Button.tsx'
import { ConnectionQuality } from './ConnectionQuality.tsx'
import { RoomChat } from './RoomChat.tsx'
import { RoomControls } from './RoomControls.tsx'

type Props = { bookingId: string; visit: OwnVisit; otherName: string; onRejoin: () => void }

export default function OwnRoom({ bookingId, visit, otherName, onRejoin }: Props) {
  const [call, setCall] = useState<Call>()
  useEffect(() => {
    const opened = openOwnRoom(bookingId, visit)
    setCall(opened)
    return opened.leave
  }, [bookingId, visit])
  if (!call) return <div className="flex-1 bg-black sm:rounded-card" />
  return <Stage call={call} otherName={otherName} onRejoin={onRejoin} />
}

function Stage({ call, otherName, onRejoin }: { call: Call; otherName: string; onRejoin: () => void }) {
  const view = useSyncExternalStore(call.subscribe, call.view)
  const [isChatOpen, setChatOpen] = useState(false)
  const [seen, setSeen] = useState(0)
  const picture = useRef<HTMLVideoElement>(null)
  const words = wordsFor(view, otherName)
  const isPictured = view.remote !== undefined && view.theirs.video && view.link !== undefined
  useEffect(() => {
    if (isChatOpen) setSeen(view.messages.length)
  }, [isChatOpen, view.messages.length])
  return (
    <section
      aria-label={`Video with ${otherName}`}
      className="relative flex min-w-0 flex-1 overflow-hidden bg-black sm:rounded-card"
    >
      <RemotePicture
        video={picture}
        stream={view.remote}
        isShown={isPictured}
        isWhole={view.theirs.isSharing}
      />
      {!isPictured && !words && (
        <p className="absolute inset-0 grid place-items-center text-lg text-ink-soft">
          {otherName}'s camera is off
        </p>
      )}
      <div
        role="status"
        className="pointer-events-none absolute inset-x-0 top-0 flex flex-col items-center gap-2 p-3"
      >
        {view.link === 'connected' && <ConnectionQuality quality={view.quality} />}
        {view.link === 'connected' && !view.theirs.audio && <Chip>{otherName}'s microphone is off</Chip>}
        {view.link === 'connected' && !view.isReachable && (
          <Chip>We can't reach Presence just now. Your call goes on.</Chip>
        )}
        {view.problem && <Chip>{view.problem}</Chip>}
      </div>
      {words && (
        <div
          role="status"
          className="absolute inset-0 grid place-content-center justify-items-center gap-4 bg-black/60 px-6
            text-center"
        >
          <p className="max-w-sm text-lg text-balance text-ink">{words}</p>
          {view.end === 'replaced' && (
            <Button kind="secondary" onClick={onRejoin}>
              Use this one instead
            </Button>
          )}
          {view.end === 'left' && (
            <Button kind="secondary" onClick={onRejoin}>
              Come back
            </Button>
          )}
        </div>
      )}
      {view.own && view.mine.video && <OwnPicture stream={view.own} isMirrored={!view.mine.isSharing} />}
      {isChatOpen && (
        <RoomChat
          call={call}
          messages={view.messages}
          canSay={view.link === 'connected'}
          otherName={otherName}
          onClose={() => setChatOpen(false)}
        />
      )}
      {!view.end && (
        <RoomControls
          call={call}
          view={view}
          picture={picture}
          isChatOpen={isChatOpen}
          hasUnread={!isChatOpen && view.messages.length > seen}
          onChat={() => setChatOpen(!isChatOpen)}
        />
      )}
    </section>
  )
}

function wordsFor(view: RoomView, otherName: string): string | undefined {
  if (view.end === 'replaced') return 'You have opened this session somewhere else. It goes on there.'
  if (view.end === 'left') return 'You have left the picture.'
  if (view.end === 'closed') return 'This session is over.'
  if (view.other === 'left') return `${otherName} has left.`
  if (view.other === 'lost' && view.link !== 'connected')
    return `${otherName}'s connection broke off. They can come back while the session lasts.`
  if (view.other === 'absent') return `Waiting for ${otherName}`
  if (view.link === 'interrupted') return 'The connection is interrupted. We are looking for another way…'
  return view.link === 'connected' ? undefined : 'Connecting…'
}

function Chip({ children }: { children: React.ReactNode }) {
  return (
    <p
      className="rise max-w-full rounded-full bg-surface/90 px-4 py-1.5 text-center text-[0.9375rem]
      text-ink"
    >
      {children}
    </p>
  )
}

type RemoteProps = {
  video: React.RefObject<HTMLVideoElement | null>
  stream: MediaStream | undefined
  isShown: boolean
  isWhole: boolean
}

function RemotePicture({ video, stream, isShown, isWhole }: RemoteProps) {
  const [isSilent, setSilent] = useState(false)
  useEffect(() => {
    if (!stream) return
    attach(video.current, stream).catch((error: unknown) =>
      setSilent(error instanceof Error && error.name === 'NotAllowedError'),
    )
  }, [video, stream])
  useEffect(() => {
    // A phone call or a locked screen has paused the video.
    const goOn = () => {
      if (document.visibilityState === 'visible' && stream)
        void video.current?.play().catch(() => setSilent(true))
    }
    document.addEventListener('visibilitychange', goOn)
    return () => document.removeEventListener('visibilitychange', goOn)
  }, [video, stream])
  return (
    <>
      {/* What two people say to each other has no captions. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        ref={video}
        data-remote
        autoPlay
        playsInline
        aria-label="The other's picture"
        className={`size-full ${isWhole ? 'object-contain' : 'object-cover'} ${isShown ? '' : 'opacity-0'}`}
      />
      {isSilent && (
        <div className="absolute inset-0 z-10 grid place-items-center">
          <Button onClick={() => void video.current?.play().then(() => setSilent(false))}>Play sound</Button>
        </div>
      )}
    </>
  )
}

async function attach(element: HTMLVideoElement | null, stream: MediaStream): Promise<void> {
  if (!element) return
  element.srcObject = stream
  await element.play()
}

function OwnPicture({ stream, isMirrored }: { stream: MediaStream; isMirrored: boolean }) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current) video.current.srcObject = stream
  }, [stream])
  return (
    <video
      ref={video}
      data-local
      autoPlay
      playsInline
      muted
      aria-label="Your picture"
      className={`absolute right-3 bottom-20 aspect-[3/4] w-24 rounded-control border border-line bg-black shadow-float sm:aspect-video sm:w-44
        ${isMirrored ? '-scale-x-100 object-cover' : 'object-contain'}`}
    />
  )
}
