// Camera and microphone, or what works of the two: one of them is enough to come into the room.

export type Devices = {
  audio: MediaStreamTrack | undefined
  video: MediaStreamTrack | undefined
  /** What does not work, for people. */
  problem: string | undefined
}
type Kind = 'audio' | 'video'
type What = 'camera and microphone' | 'camera' | 'microphone'

/** The meaning of a browser's refusal, for people. */
export function problemOf(error: unknown, what: What): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return `Your browser doesn't let this page use your ${what}. Open the settings beside the address at the top, allow ${what}, and check again.`
  }
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return `No ${what} was found. Connect one, or join with another device.`
  if (name === 'NotReadableError' || name === 'AbortError') {
    return `Your ${what} seems to be in use. Close other apps and tabs that may be using it, and check again.`
  }
  return `Your ${what} could not be started. Reload this page, or join with another device.`
}

const without = {
  video: 'You can join with sound alone.',
  audio: 'You can join: you will be seen, but not heard, and you can write in the chat.',
}

/** Opens both, or the one that works, by `ask`. Never throws. */
export async function openDevices(ask: (kinds: Kind[]) => Promise<MediaStream>): Promise<Devices> {
  if (!('mediaDevices' in navigator)) return nothing(undefined)
  let refusal: unknown
  try {
    const stream = await ask(['audio', 'video'])
    return { audio: stream.getAudioTracks()[0], video: stream.getVideoTracks()[0], problem: undefined }
  } catch (error) {
    refusal = error
  }
  // Somebody who refused both is not asked twice more; a browser that refuses only one says so.
  const isRefused = refusal instanceof Error && refusal.name === 'NotAllowedError'
  const [microphone, camera] = await Promise.all([stateOf('microphone'), stateOf('camera')])
  const [audio, audioError] =
    isRefused && microphone !== 'granted' ? [undefined, refusal] : await one('audio', ask)
  const [video, videoError] =
    isRefused && camera !== 'granted' ? [undefined, refusal] : await one('video', ask)
  if (audio && video) return { audio, video, problem: undefined }
  if (audio)
    return { audio, video, problem: `${problemOf(videoError ?? refusal, 'camera')} ${without.video}` }
  if (video)
    return { audio, video, problem: `${problemOf(audioError ?? refusal, 'microphone')} ${without.audio}` }
  return nothing(refusal)
}

const nothing = (error: unknown): Devices => ({
  audio: undefined,
  video: undefined,
  problem: problemOf(error, 'camera and microphone'),
})

async function one(
  kind: Kind,
  ask: (kinds: Kind[]) => Promise<MediaStream>,
): Promise<[MediaStreamTrack | undefined, unknown]> {
  try {
    return [(await ask([kind])).getTracks()[0], undefined]
  } catch (error) {
    return [undefined, error]
  }
}

async function stateOf(name: string): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state
  } catch {
    return undefined // this browser cannot tell
  }
}
