// One call in our own room: the devices, the connection to the other browser and
// the signalling channel, as one view.
import { api } from '../../api/api.ts'
import type { OwnVisit } from '../../../server/journey/rooms/room-view.ts'
import type { VisitAnswer } from '../../../server/journey/rooms/visit-view.ts'
import { openLine } from './line.ts'
import type { Chosen } from './media.ts'
import { openMeetings } from './meetings.ts'
import { openOwnTracks, type Shown } from './own-tracks.ts'
import { type Link, openPeer, type Peer, type Signal } from './peer.ts'
import { type Counted, lostShare, type Quality, qualityOf, readStats } from './quality.ts'

export type Said = { id: number; isMine: boolean; text: string }

export type RoomView = {
  end: 'left' | 'replaced' | 'closed' | undefined
  /** Whether our server answers; a connected call goes on without it. */
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
  toggleAudio: () => Promise<void>
  toggleVideo: () => Promise<void>
  toggleScreen: () => Promise<void>
  choose: (chosen: Chosen) => Promise<void>
  say: (text: string) => boolean
  leave: () => void
}

const lookMs = 3_000
/**
 * A connected call without a new frame for this many checks is reconnected, if the
 * other page is visible and reports the same.
 */
const frozenLooks = 5
const everything: Shown = { audio: true, video: true, isSharing: false }

type Message =
  | { type: 'shown'; shown: Shown }
  | { type: 'text'; text: string }
  | { type: 'frozen' }
  | { type: 'bye' }

export function openOwnRoom(bookingId: string, visit: OwnVisit): OwnRoom {
  let view: RoomView = {
    end: undefined,
    isReachable: true,
    other: 'absent',
    link: undefined,
    quality: undefined,
    remote: undefined,
    theirs: everything,
    own: undefined,
    mine: everything,
    hasMicrophone: true,
    problem: undefined,
    said: [],
  }
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
  const meetings = openMeetings({ tell: line.tell, open })

  const own = openOwnTracks(showOwn)

  const tracks = () => ({ audio: own.audio(), video: own.video() })
  const tellShown = () => meetings.peer()?.say({ type: 'shown', shown: own.shown() } satisfies Message)

  function showOwn(change: { problem?: string | undefined }): void {
    const shown = [own.audio(), own.video()].filter((track) => track !== undefined)
    set({
      own: shown.length > 0 ? new MediaStream(shown) : undefined,
      mine: own.mine(),
      hasMicrophone: own.audio() !== undefined,
      ...change,
    })
    meetings.peer()?.setTracks(tracks())
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
        meetings.stands(link === 'connected')
        set({ link, ...(link === 'connected' ? {} : { quality: undefined }) })
        line.hurry(link !== 'connected')
      },
      onOpen: tellShown,
      onMessage: (message) => listen(message as Message),
    })
  }

  function part(): void {
    meetings.part()
    set({ link: undefined, remote: undefined, quality: undefined })
    line.hurry(false)
  }

  function hear(answer: VisitAnswer): void {
    if (answer.state !== 'in') return over(answer.state)
    const there = answer.other
    // A person who said goodbye may stay on our server's list for a moment.
    if (there?.state === 'in' && there.visitId !== meetings.visitId() && there.visitId !== goneVisit) {
      set({ link: 'connecting', remote: undefined, quality: undefined })
      line.hurry(true)
      meetings.meet(there.visitId, there.cameFirst)
    }
    if (there?.state === 'left' && meetings.visitId()) part()
    const state = !there ? 'absent' : there.visitId === goneVisit ? 'left' : there.state
    if (state !== view.other) set({ other: state })
    for (const { from, body } of answer.signals) meetings.hear(from, body)
  }

  function listen(message: Message): void {
    if (message.type === 'shown') set({ theirs: message.shown })
    if (message.type === 'text')
      set({
        said: [...view.said, { id: view.said.length, isMine: false, text: message.text.slice(0, 2000) }],
      })
    if (message.type === 'frozen' && document.visibilityState === 'visible') meetings.anew()
    if (message.type === 'bye') {
      goneVisit = meetings.visitId()
      part()
      set({ other: 'left' })
    }
  }

  const looking = setInterval(() => {
    if (view.isReachable && view.other === 'in') meetings.look()
    if (view.link !== 'connected') return
    void meetings
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
        if (frozenFor > 0 && frozenFor % frozenLooks === 0)
          meetings.peer()?.say({ type: 'frozen' } satisfies Message)
        if (quality !== view.quality) set({ quality })
      })
  }, lookMs)
  const lineIsBack = () => meetings.peer()?.lookForNewWay()
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
    meetings.part()
    own.stop()
    set({ end, own: undefined, remote: undefined, link: undefined })
  }

  function leave(): void {
    if (isOver) return
    meetings.peer()?.say({ type: 'bye' } satisfies Message)
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
      const isSent = meetings.peer()?.say({ type: 'text', text } satisfies Message) ?? false
      if (isSent) set({ said: [...view.said, { id: view.said.length, isMine: true, text }] })
      return isSent
    },
    leave,
  }
}
