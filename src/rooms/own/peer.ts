// The connection to the other's browser: perfect negotiation, and new ways are looked for whenever the
// present one breaks. https://developer.mozilla.org/en-US/docs/Web/API/WebRTC_API/Perfect_negotiation
// Who follows asks the leader for a new way and does not offer one: where two offers cross, the follower's is
// rolled back, and Chromium (seen with 156) then decodes the other's picture and shows nothing of it any
// more.
import type { OwnVisit } from '../../../server/journey/rooms/room-view.ts'

export type Link = 'connecting' | 'connected' | 'interrupted'
type Tracks = { audio: MediaStreamTrack | undefined; video: MediaStreamTrack | undefined }
export type Signal = {
  description?: RTCSessionDescriptionInit
  candidate?: RTCIceCandidateInit
  isNewWayWanted?: true
}

export type Peer = {
  receive: (signal: Signal) => void
  /** Replaces the tracks sent, without another negotiation. */
  setTracks: (tracks: Tracks) => void
  /** Sends over the data channel; false while there is none. */
  say: (message: object) => boolean
  lookForNewWay: () => void
  stats: () => Promise<RTCStatsReport>
  close: () => void
}

type Options = {
  visit: OwnVisit
  /** The leader makes the first offer, and wins where two offers cross. */
  isLeading: boolean
  tracks: Tracks
  send: (signal: Signal) => void
  onStream: (stream: MediaStream) => void
  onLink: (link: Link) => void
  onOpen: () => void
  onMessage: (message: unknown) => void
}

/** A short break repairs itself; after this long an ICE restart is tried. */
const patienceMs = 2_500
const lookAgainMs = 6_000
/** Followers wait this much longer, because the leader usually restarts by itself. */
const followerPatienceMs = 3_500

export function openPeer(options: Options): Peer {
  const { iceServers, isRelayOnly } = options.visit
  const pc = new RTCPeerConnection({ iceServers, iceTransportPolicy: isRelayOnly ? 'relay' : 'all' })
  const channel = pc.createDataChannel('talk', { negotiated: true, id: 0 })
  const remote = new MediaStream()
  let tracks = options.tracks
  let isMakingOffer = false
  let isIgnoring = false
  let looking: ReturnType<typeof setTimeout> | undefined

  const isClosed = () => pc.signalingState === 'closed'

  async function fill(): Promise<void> {
    for (const transceiver of pc.getTransceivers()) {
      transceiver.direction = 'sendrecv'
      await transceiver.sender.replaceTrack(
        tracks[transceiver.receiver.track.kind === 'video' ? 'video' : 'audio'] ?? null,
      )
    }
  }

  function lookForNewWay(): void {
    clearTimeout(looking)
    if (isClosed() || pc.connectionState === 'connected') return
    if (!options.isLeading) return options.send({ isNewWayWanted: true })
    if (pc.remoteDescription && pc.signalingState === 'stable') pc.restartIce()
    looking = setTimeout(lookForNewWay, lookAgainMs)
  }

  pc.ontrack = ({ track }) => {
    remote.addTrack(track)
    options.onStream(remote)
  }
  pc.onicecandidate = ({ candidate }) => {
    if (candidate) options.send({ candidate: candidate.toJSON() })
  }
  pc.onconnectionstatechange = () => {
    clearTimeout(looking)
    if (pc.connectionState === 'connected') options.onLink('connected')
    else if (pc.connectionState === 'disconnected' || pc.connectionState === 'failed') {
      options.onLink('interrupted')
      looking = setTimeout(lookForNewWay, patienceMs + (options.isLeading ? 0 : followerPatienceMs))
    }
  }
  pc.onnegotiationneeded = async () => {
    // The follower waits: its transceivers come with the leader's first offer.
    if (isClosed() || (!options.isLeading && !pc.remoteDescription)) return
    try {
      isMakingOffer = true
      await pc.setLocalDescription()
      if (pc.localDescription) options.send({ description: pc.localDescription.toJSON() })
    } catch (error) {
      if (!isClosed()) throw error
    } finally {
      isMakingOffer = false
    }
  }
  channel.onopen = options.onOpen
  channel.onmessage = ({ data }) => options.onMessage(JSON.parse(String(data)))
  if (options.isLeading) {
    for (const kind of ['audio', 'video'] as const)
      pc.addTransceiver(tracks[kind] ?? kind, { direction: 'sendrecv' })
  }

  async function receive({ description, candidate, isNewWayWanted }: Signal): Promise<void> {
    if (isClosed()) return
    if (isNewWayWanted) lookForNewWay()
    if (candidate) {
      await pc.addIceCandidate(candidate).catch((error: unknown) => {
        if (!isIgnoring) throw error
      })
    }
    if (!description) return
    const isCollision = description.type === 'offer' && (isMakingOffer || pc.signalingState !== 'stable')
    isIgnoring = options.isLeading && isCollision
    if (isIgnoring) return
    await pc.setRemoteDescription(description)
    if (description.type !== 'offer') return
    await fill()
    await pc.setLocalDescription()
    if (pc.localDescription) options.send({ description: pc.localDescription.toJSON() })
  }

  let last: Promise<void> = Promise.resolve()
  const next = (act: () => Promise<void>) => {
    last = last.then(act).catch((error: unknown) => {
      if (!isClosed()) console.warn('The other browser said something that does not fit any more.', error)
    })
  }
  return {
    receive: (signal) => next(() => receive(signal)),
    setTracks(given) {
      tracks = given
      next(() => (isClosed() ? Promise.resolve() : fill()))
    },
    say(message) {
      if (channel.readyState !== 'open') return false
      channel.send(JSON.stringify(message))
      return true
    },
    lookForNewWay,
    stats: () => pc.getStats(),
    close() {
      clearTimeout(looking)
      pc.close()
    },
  }
}
