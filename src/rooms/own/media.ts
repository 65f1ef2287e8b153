// Camera, microphone and screen during a call. Switching the camera off
// releases it, so that its light goes out.
import { browserStorage } from '../../api/browser-storage.ts'
import { type Devices, openDevices, problemOf } from '../open-devices.ts'

export type Chosen = { audioId?: string | undefined; videoId?: string | undefined }
const chosenKey = 'presence.devices'

export function chosenDevices(): Chosen {
  return JSON.parse(browserStorage.get(chosenKey) ?? '{}') as Chosen
}

export function rememberDevices(chosen: Chosen): void {
  browserStorage.set(chosenKey, JSON.stringify(chosen))
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

/** Opens what works of the two: being heard, or seen, is enough for a conversation. Never throws. */
export function openMedia(chosen: Chosen): Promise<Devices> {
  return openDevices((kinds) => ask(kinds, chosen))
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
