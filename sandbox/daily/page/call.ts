// One connection per other person: perfect negotiation, host candidates only. The newcomer makes the first
// offer. https://developer.mozilla.org/en-US/docs/Web/API/WebRTC_API/Perfect_negotiation

export type Peer = {
  receive: (data: unknown) => Promise<void>
  /** Sends these tracks from now on; undefined stops that kind. */
  setTracks: (tracks: {
    audio?: MediaStreamTrack | undefined
    video?: MediaStreamTrack | undefined
  }) => Promise<void>
  close: () => void
}

type Signal = { description?: RTCSessionDescriptionInit; candidate?: RTCIceCandidateInit }
type Tracks = { audio?: MediaStreamTrack | undefined; video?: MediaStreamTrack | undefined }

export function openPeer(options: {
  isFirst: boolean
  isPolite: boolean
  tracks: Tracks
  send: (data: Signal) => void
  onStream: (stream: MediaStream) => void
  onState: (state: RTCPeerConnectionState) => void
}): Peer {
  const pc = new RTCPeerConnection({ iceServers: [] })
  const remote = new MediaStream()
  let tracks = options.tracks
  let isMakingOffer = false
  let isIgnoring = false

  const fill = async () => {
    for (const transceiver of pc.getTransceivers()) {
      const kind = transceiver.receiver.track.kind === 'video' ? 'video' : 'audio'
      transceiver.direction = 'sendrecv'
      await transceiver.sender.replaceTrack(tracks[kind] ?? null)
    }
  }
  pc.ontrack = ({ track }) => {
    remote.addTrack(track)
    options.onStream(remote)
  }
  pc.onicecandidate = ({ candidate }) => {
    if (candidate) options.send({ candidate: candidate.toJSON() })
  }
  pc.onconnectionstatechange = () => {
    options.onState(pc.connectionState)
    // Only one side restarts: Chromium freezes the picture of an offer that was rolled back.
    if (pc.connectionState === 'failed' && options.isFirst) pc.restartIce()
  }
  pc.onnegotiationneeded = async () => {
    // The person who was here first waits: the transceivers come with the newcomer's offer.
    if (!options.isFirst && !pc.remoteDescription) return
    try {
      isMakingOffer = true
      await pc.setLocalDescription()
      if (pc.localDescription) options.send({ description: pc.localDescription.toJSON() })
    } finally {
      isMakingOffer = false
    }
  }
  if (options.isFirst) {
    pc.addTransceiver(tracks.audio ?? 'audio', { direction: 'sendrecv' })
    pc.addTransceiver(tracks.video ?? 'video', { direction: 'sendrecv' })
  }
  const receive = async ({ description, candidate }: Signal) => {
    if (description) {
      const isCollision = description.type === 'offer' && (isMakingOffer || pc.signalingState !== 'stable')
      isIgnoring = !options.isPolite && isCollision
      if (isIgnoring) return
      await pc.setRemoteDescription(description)
      if (description.type !== 'offer') return
      await fill()
      await pc.setLocalDescription()
      if (pc.localDescription) options.send({ description: pc.localDescription.toJSON() })
    } else if (candidate) {
      await pc.addIceCandidate(candidate).catch((error: unknown) => {
        if (!isIgnoring) throw error
      })
    }
  }
  let last: Promise<void> = Promise.resolve()
  return {
    receive: (data) => {
      last = last
        .then(() => (pc.signalingState === 'closed' ? undefined : receive(data as Signal)))
        .catch((error: unknown) => console.warn('signal not applied', error))
      return last
    },
    setTracks: async (next) => {
      tracks = next
      await fill()
    },
    close: () => pc.close(),
  }
}
