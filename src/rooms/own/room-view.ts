// What a page shows of a call in our own room, and what the two browsers tell each other in it.
import type { Chosen } from './media.ts'
import type { Shown } from './own-tracks.ts'
import type { Link } from './peer.ts'
import type { Quality } from './quality.ts'

export type ChatMessage = { id: number; isMine: boolean; text: string }

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
  messages: ChatMessage[]
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

export const everything: Shown = { audio: true, video: true, isSharing: false }

export const emptyRoom: RoomView = {
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
  messages: [],
}

export type Message =
  | { type: 'shown'; shown: Shown }
  | { type: 'text'; text: string }
  | { type: 'frozen' }
  | { type: 'bye' }
