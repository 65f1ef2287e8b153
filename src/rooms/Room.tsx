// The call: the provider's picture or ours fills the page; around it who is
// there, the time left, and a way out.
import { LogOut, MessageCircleQuestion } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { JoinAnswer, RoomPresence } from '../../server/journey/rooms/room-view.ts'
import type { Prompts } from '../../server/journey/messages/prompts-view.ts'
import { firstName } from '../words/format.ts'
import { useScreenAwake } from './wake-lock.ts'
import { buttonClass } from '../ui/Button.tsx'
import { beginCall } from '../ui/new-release.ts'
import { OfflineBanner } from '../ui/OfflineBanner.tsx'
import { PresenceLine } from './PresenceLine.tsx'
import { RoomClock, useRemaining } from './RoomClock.tsx'
import { RoomNotes, SelfOut } from './RoomNotes.tsx'
import { ReportButton } from '../safety/ReportButton.tsx'
import { Starters } from './Starters.tsx'

const OwnRoom = lazy(() => import('./own/OwnRoom.tsx'))

type Props = {
  bookingId: string
  room: JoinAnswer
  presence: RoomPresence | undefined
  prompts: Prompts | undefined
  isLeaving: boolean
  onLeave: () => void
  onRejoin: () => void
  rebook: { isWanted: boolean; want: () => void } | undefined
}

export function Room({ bookingId, room, presence, prompts, isLeaving, onLeave, onRejoin, rebook }: Props) {
  const [isTopicsOpen, setTopicsOpen] = useState(false)
  const left = useRemaining(room)
  useScreenAwake(true)
  useEffect(beginCall, [])
  const otherName = firstName(room.otherName)
  const isOtherIn = Boolean(presence && (room.role === 'host' ? presence.memberIsIn : presence.hostIsIn))
  const wasOtherIn = Boolean(
    presence && (room.role === 'host' ? presence.memberJoinedAt : presence.hostJoinedAt),
  )
  const control = 'min-h-12 flex-1 px-3 sm:flex-none sm:px-5'
  return (
    <div className="night flex h-dvh flex-col bg-canvas text-ink">
      <header
        className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2.5
          pt-[max(0.625rem,env(safe-area-inset-top))] sm:px-6"
      >
        <div className="min-w-0">
          <h1 className="truncate text-lg">{room.otherName}</h1>
          <PresenceLine
            name={otherName}
            isIn={isOtherIn}
            wasIn={wasOtherIn}
            className="text-[0.9375rem] text-ink-faint"
          />
        </div>
        <RoomClock {...left} />
      </header>
      <OfflineBanner />
      {room.url !== null && <SelfOut presence={presence} role={room.role} onRejoin={onRejoin} />}
      <RoomNotes
        room={room}
        presence={presence}
        phase={left.phase}
        otherName={otherName}
        closing={prompts?.reflection[0]}
        rebook={rebook}
      />
      <main id="content" className="relative flex min-h-0 flex-1 sm:gap-4 sm:px-4">
        {room.url !== null && (
          <iframe
            key={room.url}
            src={room.url}
            title={`Video with ${room.otherName}`}
            allow="camera; microphone; autoplay; fullscreen; display-capture; clipboard-write"
            className="min-w-0 flex-1 bg-black sm:rounded-card"
          />
        )}
        {room.visit && (
          <Suspense fallback={<div className="flex-1 bg-black sm:rounded-card" />}>
            <OwnRoom
              key={room.visit.id}
              bookingId={bookingId}
              visit={room.visit}
              otherName={otherName}
              onRejoin={onRejoin}
            />
          </Suspense>
        )}
        {isTopicsOpen && (
          <aside
            aria-label="Conversation starters"
            className={`rise absolute inset-x-3 z-10 rounded-card border border-line bg-surface p-5 shadow-float sm:static
              sm:w-80 sm:self-stretch sm:overflow-y-auto ${room.visit ? 'bottom-20' : 'bottom-3'}`}
          >
            <Starters starters={prompts?.starters ?? []} onClose={() => setTopicsOpen(false)} />
          </aside>
        )}
      </main>
      <footer
        className="flex items-center justify-center gap-2.5 px-4 py-3
        pb-[max(0.75rem,env(safe-area-inset-bottom))]"
      >
        <button
          type="button"
          aria-expanded={isTopicsOpen}
          onClick={() => setTopicsOpen(!isTopicsOpen)}
          className={buttonClass('secondary', 'small', control)}
        >
          <MessageCircleQuestion aria-hidden="true" /> Topics
        </button>
        <ReportButton
          about={{ bookingId }}
          otherName={room.otherName}
          canEnd
          isNight
          label="Report"
          className={buttonClass('secondary', 'small', control)}
          onEnded={onLeave}
        />
        <button
          type="button"
          disabled={isLeaving}
          onClick={onLeave}
          className={buttonClass('danger', 'small', control)}
        >
          <LogOut aria-hidden="true" /> Leave
        </button>
      </footer>
    </div>
  )
}
