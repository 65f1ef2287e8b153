// One call in a room of ours: our devices, the other's browser, and the line to our server, as one thing to look at.
import { api } from '../api.ts'
import type { OwnVisit, VisitAnswer } from '../api-types.ts'
import { openLine } from './line.ts'
import { type Chosen, chosenDevices, openMedia, openOne, openScreen, rememberDevices } from './media.ts'
import { type Link, openPeer, type Peer, type Signal } from './peer.ts'
import { type Counted, lostShare, type Quality, qualityOf, readStats } from './quality.ts'

export type Shown = { audio: boolean; video: boolean; isSharing: boolean }
export type Said = { id: number; isMine: boolean; text: string }

export type RoomView = {
  end: 'left' | 'replaced' | 'closed' | undefined
  /** Whether our server answers; a call that stands goes on without it. */
  isReachable: boolean
  other: 'absent' | 'in' | 'lost' | 'left'
  link: Link | undefined
  quality: Quality | undefined
  remote: MediaStream | undefined
  theirs: Shown
  own: MediaStream | undefined
  mine: Shown
  hasMicrophone: boolean
  problem: string | undefined
  said: Said[]
}

export type OwnRoom = {
  view: () => RoomView
  subscribe: (listener: () => void) => () => void
  toggleAudio: () => void
  toggleVideo: () => Promise<void>
  toggleScreen: () => Promise<void>
  choose: (chosen: Chosen) => Promise<void>
  say: (text: string) => boolean
  leave: () => void
}

const lookMs = 3_000
/** A connection that could not be mended for this long is made anew. */
const anewAfterMs = 20_000
/** So is one that stands and brings no picture in this many looks. */
const frozenLooks = 5
const everything: Shown = { audio: true, video: true, isSharing: false }

type Message = { type: 'shown'; shown: Shown } | { type: 'text'; text: string } | { type: 'bye' }

export function openOwnRoom(bookingId: string, visit: OwnVisit, role: 'member' | 'host'): OwnRoom {
  let view: RoomView = {
    end: undefined, isReachable: true, other: 'absent', link: undefined, quality: undefined, remote: undefined, theirs: everything,
    own: undefined, mine: everything, hasMicrophone: true, problem: undefined, said: [],
  }
  const listeners = new Set<() => void>()
  const set = (change: Partial<RoomView>) => {
    view = { ...view, ...change }
    for (const listener of listeners) listener()
  }
  let chosen = chosenDevices()
  let audio: MediaStreamTrack | undefined
  let camera: MediaStreamTrack | undefined
  let screen: MediaStreamTrack | undefined
  let other: { visitId: string; peer: Peer } | undefined
  let interruptedAt: number | undefined
  let counted: Counted | undefined
  let frozenFor = 0
  let goneVisit: string | undefined
  let isOver = false

  const line = openLine(bookingId, visit.id, { onAnswer: hear, onReachable: (isReachable) => view.isReachable !== isReachable && set({ isReachable }) })

  const tracks = () => ({ audio, video: screen ?? camera })
  const tellShown = () => other?.peer.say({ type: 'shown', shown: view.mine } satisfies Message)

  function showOwn(change: Partial<RoomView> = {}): void {
    const shown = [audio, screen ?? camera].filter((track) => track !== undefined)
    const mine = { audio: audio?.enabled ?? false, video: (screen ?? camera) !== undefined, isSharing: screen !== undefined }
    set({ own: shown.length > 0 ? new MediaStream(shown) : undefined, mine, hasMicrophone: audio !== undefined, ...change })
    other?.peer.setTracks(tracks())
    tellShown()
  }

  async function openDevices(): Promise<void> {
    const opened = await openMedia(chosen)
    if (isOver) return [opened.audio, opened.video].forEach((track) => track?.stop())
    audio = opened.audio
    camera = opened.video
    watch(audio)
    watch(camera)
    showOwn({ problem: opened.problem })
  }

  /** A device that is pulled out ends its track; an incoming call mutes it, and it comes back by itself. */
  function watch(track: MediaStreamTrack | undefined): void {
    track?.addEventListener('ended', () => {
      if (track === audio) audio = undefined
      if (track === camera) camera = undefined
      if (track === screen) screen = undefined
      if (!isOver) showOwn()
    })
  }

  function meet(visitId: string, isFirstToOffer: boolean): void {
    other?.peer.close()
    interruptedAt = undefined
    counted = undefined
    frozenFor = 0
    const peer = openPeer({
      visit, isFirstToOffer, isPolite: role === 'member', tracks: tracks(),
      send: (signal) => line.tell(visitId, signal),
      onStream: (remote) => set({ remote }),
      onLink(link) {
        interruptedAt = link === 'interrupted' ? (interruptedAt ?? Date.now()) : undefined
        set({ link, ...(link === 'connected' ? {} : { quality: undefined }) })
        line.hurry(link !== 'connected')
      },
      onOpen: tellShown,
      onMessage: (message) => listen(message as Message),
    })
    other = { visitId, peer }
    set({ link: 'connecting', remote: undefined, theirs: everything, quality: undefined })
    line.hurry(true)
  }

  function beginAnew(visitId: string): void {
    line.tell(visitId, { isAnew: true })
    meet(visitId, true)
  }

  function part(): void {
    other?.peer.close()
    other = undefined
    interruptedAt = undefined
    set({ link: undefined, remote: undefined, quality: undefined })
    line.hurry(false)
  }

  function hear(answer: VisitAnswer): void {
    if (answer.state !== 'in') return over(answer.state)
    const there = answer.other
    // Who said goodbye may still be on our server's list for a moment.
    if (there?.state === 'in' && there.visitId !== other?.visitId && there.visitId !== goneVisit) meet(there.visitId, there.cameFirst)
    if (other && there && (there.state === 'left' || (there.state === 'lost' && view.link !== 'connected'))) part()
    const state = !there ? 'absent' : there.visitId === goneVisit ? 'left' : there.state === 'lost' && other ? 'in' : there.state
    if (state !== view.other) set({ other: state })
    for (const { from, body } of answer.signals) {
      if (from !== other?.visitId) continue
      if ((body as { isAnew?: boolean }).isAnew) meet(from, false)
      else other.peer.receive(body as Signal)
    }
  }

  function listen(message: Message): void {
    if (message.type === 'shown') set({ theirs: message.shown })
    if (message.type === 'text') set({ said: [...view.said, { id: view.said.length, isMine: false, text: message.text.slice(0, 2000) }] })
    if (message.type === 'bye') {
      goneVisit = other?.visitId
      part()
      set({ other: 'left' })
    }
  }

  const looking = setInterval(() => {
    // One of the two begins anew, and tells the other to do the same.
    if (other && role === 'host' && interruptedAt !== undefined && Date.now() - interruptedAt > anewAfterMs) {
      return beginAnew(other.visitId)
    }
    if (view.link !== 'connected') return
    void other?.peer.stats().then((report) => {
      const read = readStats(report)
      if (!read || isOver) return
      const quality = qualityOf({ roundTripMs: read.roundTripMs, lostShare: counted ? lostShare(counted, read.counted) : 0 })
      const isFrozen = counted?.frames === read.counted.frames && view.theirs.video && !view.theirs.isSharing
      frozenFor = isFrozen ? frozenFor + 1 : 0
      counted = read.counted
      if (other && frozenFor >= frozenLooks) return beginAnew(other.visitId)
      if (quality !== view.quality) set({ quality })
    })
  }, lookMs)
  const lineIsBack = () => other?.peer.lookForNewWay()

  function over(end: RoomView['end']): void {
    if (isOver) return
    isOver = true
    clearInterval(looking)
    removeEventListener('online', lineIsBack)
    removeEventListener('pagehide', leave)
    line.close()
    other?.peer.close()
    other = undefined
    for (const track of [audio, camera, screen]) track?.stop()
    set({ end, own: undefined, remote: undefined, link: undefined })
  }

  function leave(): void {
    if (isOver) return
    other?.peer.say({ type: 'bye' } satisfies Message)
    void api.endVisit(bookingId, visit.id)
    over('left')
  }

  addEventListener('online', lineIsBack)
  addEventListener('pagehide', leave)
  void openDevices()

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    toggleAudio() {
      if (!audio) return void openDevices()
      audio.enabled = !audio.enabled
      showOwn()
    },
    async toggleVideo() {
      if (camera) {
        camera.stop()
        camera = undefined
        return showOwn()
      }
      await chooseCamera()
    },
    async toggleScreen() {
      const shared = screen
      screen = shared ? undefined : await openScreen()
      shared?.stop()
      watch(screen)
      if (isOver) screen?.stop()
      else showOwn()
    },
    async choose(next) {
      const isAudioNew = next.audioId !== chosen.audioId
      const isVideoNew = next.videoId !== chosen.videoId
      chosen = next
      rememberDevices(next)
      if (isVideoNew && camera) await chooseCamera()
      if (!isAudioNew) return
      const opened = await openOne('audio', chosen)
      if (typeof opened === 'string') return set({ problem: opened })
      const wasOn = audio?.enabled ?? true
      audio?.stop()
      audio = opened
      audio.enabled = wasOn
      watch(audio)
      showOwn({ problem: undefined })
    },
    say(text) {
      const isSent = other?.peer.say({ type: 'text', text } satisfies Message) ?? false
      if (isSent) set({ said: [...view.said, { id: view.said.length, isMine: true, text }] })
      return isSent
    },
    leave,
  }

  async function chooseCamera(): Promise<void> {
    camera?.stop()
    const opened = await openOne('video', chosen)
    camera = typeof opened === 'string' ? undefined : opened
    if (isOver) return camera?.stop()
    watch(camera)
    showOwn({ problem: typeof opened === 'string' ? opened : undefined })
  }
}
