// Camera, microphone and screen during a call. Switching the camera off
// releases it, so that its light goes out.
import { problemOf } from '../media-check.ts'

export type Chosen = { audioId?: string | undefined; videoId?: string | undefined }
export type OwnMedia = {
  audio: MediaStreamTrack | undefined
  video: MediaStreamTrack | undefined
  problem: string | undefined
}

const chosenKey = 'presence.devices'

export function chosenDevices(): Chosen {
  return JSON.parse(localStorage.getItem(chosenKey) ?? '{}') as Chosen
}

export function rememberDevices(chosen: Chosen): void {
  localStorage.setItem(chosenKey, JSON.stringify(chosen))
}

const audioOf = ({ audioId }: Chosen): MediaTrackConstraints => ({
  echoCancellation: true,
  noiseSuppression: true,
  ...(audioId ? { deviceId: { exact: audioId } } : {}),
})
const videoOf = ({ videoId }: Chosen): MediaTrackConstraints => ({
  width: { ideal: 1280 },
  height: { ideal: 720 },
  ...(videoId ? { deviceId: { exact: videoId } } : { facingMode: 'user' }),
})

/** The chosen devices; any others where a chosen one is no longer there. */
async function ask(kinds: ('audio' | 'video')[], chosen: Chosen): Promise<MediaStream> {
  const wanted = (of: Chosen) => ({
    ...(kinds.includes('audio') ? { audio: audioOf(of) } : {}),
    ...(kinds.includes('video') ? { video: videoOf(of) } : {}),
  })
  try {
    return await navigator.mediaDevices.getUserMedia(wanted(chosen))
  } catch (error) {
    const isGone =
      error instanceof Error &&
      error.name === 'OverconstrainedError' &&
      Boolean(chosen.audioId ?? chosen.videoId)
    if (!isGone) throw error
    return navigator.mediaDevices.getUserMedia(wanted({}))
  }
}

/** Opens what works of the two: being heard is enough for a conversation. Never throws. */
export async function openMedia(chosen: Chosen): Promise<OwnMedia> {
  if (!('mediaDevices' in navigator))
    return { audio: undefined, video: undefined, problem: problemOf(undefined, 'camera and microphone') }
  try {
    return { ...tracksOf(await ask(['audio', 'video'], chosen)), problem: undefined }
  } catch (error) {
    if (error instanceof Error && error.name === 'NotAllowedError')
      return { audio: undefined, video: undefined, problem: problemOf(error, 'camera and microphone') }
    const audio = await openOne('audio', chosen)
    const video = audio instanceof MediaStreamTrack ? undefined : await openOne('video', chosen)
    return {
      audio: audio instanceof MediaStreamTrack ? audio : undefined,
      video: video instanceof MediaStreamTrack ? video : undefined,
      problem: problemOf(
        error,
        audio instanceof MediaStreamTrack
          ? 'camera'
          : video instanceof MediaStreamTrack
            ? 'microphone'
            : 'camera and microphone',
      ),
    }
  }
}

/** Opens one of them; a sentence for people where that fails. */
export async function openOne(kind: 'audio' | 'video', chosen: Chosen): Promise<MediaStreamTrack | string> {
  try {
    return (await ask([kind], chosen)).getTracks()[0]!
  } catch (error) {
    return problemOf(error, kind === 'audio' ? 'microphone' : 'camera')
  }
}

/** Opens the screen; undefined where the person cancelled. */
export async function openScreen(): Promise<MediaStreamTrack | undefined> {
  try {
    return (await navigator.mediaDevices.getDisplayMedia({ video: true })).getVideoTracks()[0]
  } catch {
    return undefined // cancelled, or forbidden by the browser: either way there is nothing to share
  }
}

function tracksOf(stream: MediaStream): Pick<OwnMedia, 'audio' | 'video'> {
  return { audio: stream.getAudioTracks()[0], video: stream.getVideoTracks()[0] }
}
