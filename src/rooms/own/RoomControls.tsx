// Controls of one's own sound and picture in our room. Leaving is the page's own button, below.
import {
  Camera,
  CameraOff,
  MessageSquare,
  Mic,
  MicOff,
  MonitorUp,
  PictureInPicture2,
  Settings2,
  type LucideIcon,
} from 'lucide-react'
import { lazy, type RefObject, useState } from 'react'
import { DialogBoundary } from '../../ui/DialogBoundary.tsx'
import type { OwnRoom, RoomView } from './room-view.ts'

const DeviceDialog = lazy(() => import('./DeviceDialog.tsx'))

type Props = {
  call: OwnRoom
  view: RoomView
  picture: RefObject<HTMLVideoElement | null>
  isChatOpen: boolean
  hasUnread: boolean
  onChat: () => void
}

export function RoomControls({ call, view, picture, isChatOpen, hasUnread, onChat }: Props) {
  const [isChoosing, setChoosing] = useState(false)
  const { mine } = view
  const canShare = 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices
  const isMuted = !mine.audio
  const isDark = !mine.video && !mine.isSharing
  return (
    <div
      role="group"
      aria-label="Call controls"
      className="absolute inset-x-0 bottom-0 flex justify-center gap-2 p-3"
    >
      <Control
        icon={isMuted ? MicOff : Mic}
        label={isMuted ? 'Turn microphone on' : 'Turn microphone off'}
        isOff={isMuted}
        onClick={() => void call.toggleAudio()}
      />
      <Control
        icon={isDark ? CameraOff : Camera}
        label={isDark ? 'Turn camera on' : 'Turn camera off'}
        isOff={isDark}
        isDisabled={mine.isSharing}
        onClick={() => void call.toggleVideo()}
      />
      {canShare && (
        <Control
          icon={MonitorUp}
          label={mine.isSharing ? 'Stop sharing' : 'Share your screen'}
          isOn={mine.isSharing}
          onClick={() => void call.toggleScreen()}
        />
      )}
      <Control
        icon={MessageSquare}
        label={isChatOpen ? 'Close the chat' : hasUnread ? 'Open the chat, new message' : 'Open the chat'}
        isOn={isChatOpen}
        hasDot={hasUnread}
        onClick={onChat}
      />
      {document.pictureInPictureEnabled && (
        <Control
          icon={PictureInPicture2}
          label="Picture in picture"
          isDisabled={!view.remote}
          onClick={() => void togglePictureInPicture(picture.current)}
        />
      )}
      <Control icon={Settings2} label="Camera and microphone" onClick={() => setChoosing(true)} />
      {isChoosing && (
        <DialogBoundary onFailed={() => setChoosing(false)}>
          <DeviceDialog call={call} onClose={() => setChoosing(false)} />
        </DialogBoundary>
      )}
    </div>
  )
}

async function togglePictureInPicture(video: HTMLVideoElement | null): Promise<void> {
  if (document.pictureInPictureElement) return document.exitPictureInPicture()
  // The browser refuses before the video has loaded: then there is nothing to show yet.
  await video?.requestPictureInPicture().catch(() => undefined)
}

type ControlProps = {
  icon: LucideIcon
  label: string
  isOff?: boolean
  isOn?: boolean
  hasDot?: boolean
  isDisabled?: boolean
  onClick: () => void
}

function Control({
  icon: Icon,
  label,
  isOff = false,
  isOn = false,
  hasDot = false,
  isDisabled = false,
  onClick,
}: ControlProps) {
  const colours = isOff
    ? 'bg-danger text-danger-soft'
    : isOn
      ? 'bg-accent text-accent-ink'
      : 'bg-raised text-ink hover:bg-line-strong'
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
      className={`relative grid size-12 place-items-center rounded-full shadow-card disabled:opacity-55 ${colours}`}
    >
      <Icon className="size-5" aria-hidden="true" />
      {hasDot && (
        <span aria-hidden="true" className="absolute top-0.5 right-0.5 size-3 rounded-full bg-accent" />
      )}
    </button>
  )
}
