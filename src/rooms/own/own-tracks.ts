// Microphone, camera and screen during a call: what is sent, what the person switches,
// and what a phone takes away for a while.
import { type Chosen, chosenDevices, openMedia, openOne, openScreen, rememberDevices } from './media.ts'

export type Shown = { audio: boolean; video: boolean; isSharing: boolean }

export type OwnTracks = {
  audio: () => MediaStreamTrack | undefined
  /** The screen while it is shared, the camera otherwise. */
  video: () => MediaStreamTrack | undefined
  /** The switches as the person set them. */
  mine: () => Shown
  /** What the other gets: an incoming call takes microphone and camera away, while the switches stay. */
  shown: () => Shown
  toggleAudio: () => Promise<void>
  toggleVideo: () => Promise<void>
  toggleScreen: () => Promise<void>
  choose: (chosen: Chosen) => Promise<void>
  /** Reopens what ended by itself, after a phone call or when the screen is unlocked. */
  reopen: () => Promise<void>
  stop: () => void
}

/**
 * Opens camera and microphone at once. `onChange` is called on every
 * change, with the problem if there is one.
 */
export function openOwnTracks(onChange: (change: { problem?: string | undefined }) => void): OwnTracks {
  let chosen = chosenDevices()
  let audio: MediaStreamTrack | undefined
  let camera: MediaStreamTrack | undefined
  let screen: MediaStreamTrack | undefined
  const ended = new Set<'audio' | 'video'>()
  let isHeard = true
  let isOver = false

  /** Uses the track, or releases the device where the call is over. */
  function keep(kind: 'audio' | 'video' | 'screen', track: MediaStreamTrack | undefined): void {
    if (isOver) return track?.stop()
    if (kind === 'audio') audio = track
    else if (kind === 'video') camera = track
    else screen = track
    if (!track) return
    if (kind === 'audio') track.enabled = isHeard
    if (kind !== 'screen') ended.delete(kind)
    const changed = () => !isOver && onChange({})
    track.addEventListener('mute', changed)
    track.addEventListener('unmute', changed)
    // Not fired by our own `stop`: a device was unplugged or taken away, or
    // sharing was ended in the browser's bar.
    track.addEventListener('ended', () => {
      if (isOver || ![audio, camera, screen].includes(track)) return
      keep(kind, undefined)
      if (kind !== 'screen') ended.add(kind)
      onChange({})
    })
  }

  async function open(kind: 'audio' | 'video'): Promise<void> {
    const before = kind === 'audio' ? audio : camera
    // A phone opens one camera at a time. A microphone is released only for one that works.
    if (kind === 'video') before?.stop()
    const opened = await openOne(kind, chosen)
    const isOpen = typeof opened !== 'string'
    if (kind === 'audio' && isOpen) before?.stop()
    if (isOpen || kind === 'video') keep(kind, isOpen ? opened : undefined)
    if (!isOver) onChange({ problem: isOpen ? undefined : opened })
  }

  async function openBoth(): Promise<void> {
    const opened = await openMedia(chosen)
    keep('audio', opened.audio)
    keep('video', opened.video)
    if (!isOver) onChange({ problem: opened.problem })
  }
  void openBoth()

  const mine = () => ({
    audio: audio?.enabled ?? false,
    video: (screen ?? camera) !== undefined,
    isSharing: screen !== undefined,
  })
  return {
    audio: () => audio,
    video: () => screen ?? camera,
    mine,
    shown() {
      const { audio: isOn, video, isSharing } = mine()
      return { audio: isOn && !audio?.muted, video: video && !(screen ?? camera)?.muted, isSharing }
    },
    async toggleAudio() {
      if (!audio) {
        isHeard = true
        return open('audio')
      }
      isHeard = !isHeard
      audio.enabled = isHeard
      onChange({})
    },
    async toggleVideo() {
      if (!camera) return open('video')
      camera.stop()
      keep('video', undefined)
      onChange({})
    },
    async toggleScreen() {
      const shared = screen
      keep('screen', shared ? undefined : await openScreen())
      shared?.stop()
      if (!isOver) onChange({})
    },
    async choose(next) {
      const isAudioNew = next.audioId !== chosen.audioId
      const isVideoNew = next.videoId !== chosen.videoId
      chosen = next
      rememberDevices(next)
      if (isVideoNew && camera) await open('video')
      if (isAudioNew) await open('audio')
    },
    async reopen() {
      const kinds = [...ended]
      ended.clear()
      for (const kind of kinds) await open(kind)
    },
    stop() {
      isOver = true
      for (const track of [audio, camera, screen]) track?.stop()
    },
  }
}
