// One call in our own room: the devices, the connection to the other browser and
// the signalling channel, as one view.
import { api } from '../../api/api.ts'
import type { OwnVisit } from '../../../server/journey/rooms/room-view.ts'
import type { VisitAnswer } from '../../../server/journey/rooms/visit-view.ts'
import { openLine } from './line.ts'
import { openConnections } from './connections.ts'
import { openOwnTracks } from './own-tracks.ts'
import { openPeer, type Peer, type Signal } from './peer.ts'
import { type Counted, lostShare, qualityOf, readStats } from './quality.ts'
import { emptyRoom, everything, type Message, type OwnRoom, type RoomView } from './room-view.ts'

const checkMs = 3_000
/**
 * A connected call without a new frame for this many checks is reconnected, if the
 * other page is visible and reports the same.
 */
const frozenChecks = 5

export function openOwnRoom(bookingId: string, visit: OwnVisit): OwnRoom {
  let view: RoomView = emptyRoom
  const listeners = new Set<() => void>()
  const set = (change: Partial<RoomView>) => {
    view = { ...view, ...change }
    for (const listener of listeners) listener()
  }
  let counted: Counted | undefined
  let frozenFor = 0
  let goneVisit: string | undefined
  let isOver = false

  const line = openLine(bookingId, visit.id, {
    onAnswer: hear,
    onReachable: (isReachable) => view.isReachable !== isReachable && set({ isReachable }),
  })
  const connections = openConnections({ tell: line.tell, open })

  const own = openOwnTracks(showOwn)

  const tracks = () => ({ audio: own.audio(), video: own.video() })
  const tellShown = () => connections.peer()?.say({ type: 'shown', shown: own.shown() } satisfies Message)

  function showOwn(change: { problem?: string | undefined }): void {
    const shown = [own.audio(), own.video()].filter((track) => track !== undefined)
    set({
      own: shown.length > 0 ? new MediaStream(shown) : undefined,
      mine: own.mine(),
      hasMicrophone: own.audio() !== undefined,
      ...change,
    })
    connections.peer()?.setTracks(tracks())
    tellShown()
  }

  function open(isLeading: boolean, send: (signal: Signal) => void): Peer {
    counted = undefined
    frozenFor = 0
    set({ link: 'connecting', remote: undefined, theirs: everything, quality: undefined })
    line.hurry(true)
    return openPeer({
      visit,
      isLeading,
      tracks: tracks(),
      send,
      onStream: (remote) => set({ remote }),
      onLink(link) {
        connections.setConnected(link === 'connected')
        set({ link, ...(link === 'connected' ? {} : { quality: undefined }) })
        line.hurry(link !== 'connected')
      },
      onOpen: tellShown,
      onMessage: (message) => listen(message as Message),
    })
  }

  function part(): void {
    connections.stop()
    set({ link: undefined, remote: undefined, quality: undefined })
    line.hurry(false)
  }

  function hear(answer: VisitAnswer): void {
    if (answer.state !== 'in') return over(answer.state)
    const there = answer.other
    // A person who said goodbye may stay on our server's list for a moment.
    if (there?.state === 'in' && there.visitId !== connections.visitId() && there.visitId !== goneVisit) {
      set({ link: 'connecting', remote: undefined, quality: undefined })
      line.hurry(true)
      connections.start(there.visitId, there.cameFirst)
    }
    if (there?.state === 'left' && connections.visitId()) part()
    const state = !there ? 'absent' : there.visitId === goneVisit ? 'left' : there.state
    if (state !== view.other) set({ other: state })
    for (const { from, body } of answer.signals) connections.receive(from, body)
  }

  function listen(message: Message): void {
    if (message.type === 'shown') set({ theirs: message.shown })
    if (message.type === 'text')
      set({
        messages: [
          ...view.messages,
          { id: view.messages.length, isMine: false, text: message.text.slice(0, 2000) },
        ],
      })
    if (message.type === 'frozen' && document.visibilityState === 'visible') connections.reconnect()
    if (message.type === 'bye') {
      goneVisit = connections.visitId()
      part()
      set({ other: 'left' })
    }
  }

  const looking = setInterval(() => {
    if (view.isReachable && view.other === 'in') connections.check()
    if (view.link !== 'connected') return
    void connections
      .peer()
      ?.stats()
      .then((report) => {
        const read = readStats(report)
        if (!read || isOver) return
        const quality = qualityOf({
          roundTripMs: read.roundTripMs,
          lostShare: counted ? lostShare(counted, read.counted) : 0,
        })
        const isFrozen =
          counted?.frames === read.counted.frames && view.theirs.video && !view.theirs.isSharing
        frozenFor = isFrozen ? frozenFor + 1 : 0
        counted = read.counted
        if (frozenFor > 0 && frozenFor % frozenChecks === 0)
          connections.peer()?.say({ type: 'frozen' } satisfies Message)
        if (quality !== view.quality) set({ quality })
      })
  }, checkMs)
  const lineIsBack = () => connections.peer()?.lookForNewWay()
  /**
   * After an incoming call or a locked screen the phone returns the devices,
   * and the network may have changed.
   */
  const pageIsBack = () => {
    if (document.visibilityState !== 'visible') return
    void own.reopen()
    lineIsBack()
  }

  function over(end: RoomView['end']): void {
    if (isOver) return
    isOver = true
    clearInterval(looking)
    removeEventListener('online', lineIsBack)
    document.removeEventListener('visibilitychange', pageIsBack)
    removeEventListener('pagehide', leave)
    line.close()
    connections.stop()
    own.stop()
    set({ end, own: undefined, remote: undefined, link: undefined })
  }

  function leave(): void {
    if (isOver) return
    connections.peer()?.say({ type: 'bye' } satisfies Message)
    void api.endVisit(bookingId, visit.id)
    over('left')
  }

  addEventListener('online', lineIsBack)
  document.addEventListener('visibilitychange', pageIsBack)
  addEventListener('pagehide', leave)

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    toggleAudio: own.toggleAudio,
    toggleVideo: own.toggleVideo,
    toggleScreen: own.toggleScreen,
    choose: own.choose,
    say(text) {
      const isSent = connections.peer()?.say({ type: 'text', text } satisfies Message) ?? false
      if (isSent) set({ messages: [...view.messages, { id: view.messages.length, isMine: true, text }] })
      return isSent
    },
    leave,
  }
}
