// Camera and microphone as far as this browser has them, and in plain words what is missing.

export type OwnMedia = { stream: MediaStream; problem?: { text: string; canRetry: boolean } }

const blocked =
  'Your browser is not allowed to use the camera and microphone. Allow both beside the address, then try again.'
const nothing =
  'We found no camera or microphone. You can see and hear, but the other person cannot see or hear you.'
const noCamera = 'We could not start a camera. The other person can hear you, but not see you.'
const noMicrophone = 'We could not start a microphone. The other person can see you, but not hear you.'
const busy = 'The camera or microphone is used by another program. Close it, then try again.'

/** Asks for both, then for each alone. Always resolves, with an empty stream at worst. */
export async function ownMedia(): Promise<OwnMedia> {
  if (!navigator.mediaDevices?.getUserMedia)
    return { stream: new MediaStream(), problem: { text: nothing, canRetry: false } }
  const video = { facingMode: 'user', width: { ideal: 1280 }, height: { ideal: 720 } }
  const audio = { echoCancellation: true, noiseSuppression: true }
  const both = await attempt({ audio, video })
  if (both instanceof MediaStream) return { stream: both }
  if (both === 'NotAllowedError')
    return { stream: new MediaStream(), problem: { text: blocked, canRetry: true } }
  const sound = await attempt({ audio })
  if (sound instanceof MediaStream) return { stream: sound, problem: { text: noCamera, canRetry: true } }
  const picture = await attempt({ video })
  if (picture instanceof MediaStream)
    return { stream: picture, problem: { text: noMicrophone, canRetry: true } }
  return {
    stream: new MediaStream(),
    problem: { text: both === 'NotReadableError' ? busy : nothing, canRetry: true },
  }
}

async function attempt(wanted: MediaStreamConstraints): Promise<MediaStream | string> {
  try {
    return await navigator.mediaDevices.getUserMedia(wanted)
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown'
  }
}
