import { afterEach, expect, test, vi } from 'vitest'
import { openPeer, type Signal } from './peer.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A connection that was established and broke. */
function brokenPeer(isLeading: boolean) {
  vi.useFakeTimers()
  const restartIce = vi.fn()
  const pc = {
    signalingState: 'stable',
    connectionState: 'disconnected',
    remoteDescription: { type: 'answer', sdp: '' },
    createDataChannel: () => ({}),
    addTransceiver() {},
    getTransceivers: () => [],
    close() {},
    restartIce,
    onconnectionstatechange: undefined as (() => void) | undefined,
  }
  vi.stubGlobal('RTCPeerConnection', function connection() {
    return pc
  })
  vi.stubGlobal('MediaStream', function stream() {
    return {}
  })
  const told: Signal[] = []
  const ignore = () => undefined
  const peer = openPeer({
    visit: { id: 'mine', iceServers: [], isRelayOnly: false },
    isLeading,
    tracks: { audio: undefined, video: undefined },
    send: (signal) => told.push(signal),
    onStream: ignore,
    onLink: ignore,
    onOpen: ignore,
    onMessage: ignore,
  })
  pc.onconnectionstatechange?.()
  return { peer, pc, told, restartIce }
}

test('only the leader restarts a broken connection, so that two offers never cross', () => {
  const leader = brokenPeer(true)
  vi.advanceTimersByTime(7_000)
  expect({ offers: leader.restartIce.mock.calls.length, told: leader.told }).toEqual({ offers: 1, told: [] })
  leader.pc.signalingState = 'have-local-offer'
  vi.advanceTimersByTime(20_000)
  expect(leader.restartIce, 'one offer is enough').toHaveBeenCalledTimes(1)
  leader.peer.close()

  const follower = brokenPeer(false)
  vi.advanceTimersByTime(7_000)
  expect({ offers: follower.restartIce.mock.calls.length, told: follower.told }).toEqual({
    offers: 0,
    told: [{ isNewWayWanted: true }],
  })
  follower.peer.close()
})

test('a leader asked to restart does so at once, unless the connection works', async () => {
  const { peer, pc, restartIce } = brokenPeer(true)
  peer.receive({ isNewWayWanted: true })
  await vi.advanceTimersByTimeAsync(1)
  expect(restartIce).toHaveBeenCalledTimes(1)
  pc.connectionState = 'connected'
  peer.receive({ isNewWayWanted: true })
  await vi.advanceTimersByTimeAsync(1)
  expect(restartIce).toHaveBeenCalledTimes(1)
  peer.close()
})
