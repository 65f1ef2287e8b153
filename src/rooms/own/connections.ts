// Manages the current connection to the other browser. The person who came later leads: only the
// leader starts a connection and counts them; the other follows the highest count received. So the
// two never start at once, signals of an earlier connection are recognised by its count, and two
// people whose signals get through always reconnect.
import type { Peer, Signal } from './peer.ts'

/** A connection that was not established, or could not be repaired, for this long is replaced. */
export const reconnectAfterMs = 15_000

/** A signal between the two browsers; `meeting` is the count of its connection. */
type Body =
  | { meeting: number; signal: Signal }
  | { /** The follower asks for another than this one. */ anewAfter: number }

export type Connections = {
  visitId: () => string | undefined
  peer: () => Peer | undefined
  /** The other has arrived, with this visit; both know which of the two leads. */
  start: (visitId: string, isLeading: boolean) => void
  receive: (from: string, body: unknown) => void
  /** The current connection is established, or no longer. */
  setConnected: (isConnected: boolean) => void
  /** Called every few seconds while signals can reach the other. */
  check: () => void
  reconnect: () => void
  stop: () => void
}

type Options = {
  tell: (visitId: string, body: Body) => void
  open: (isLeading: boolean, send: (signal: Signal) => void) => Peer
}

export function openConnections({ tell, open }: Options): Connections {
  let present:
    | {
        visitId: string
        isLeading: boolean
        count: number
        peer: Peer | undefined
        waitsSince: number | undefined
      }
    | undefined

  function connect(count: number): void {
    if (!present) return
    const { visitId, isLeading } = present
    present.peer?.close()
    present.count = count
    present.waitsSince = Date.now()
    present.peer = open(isLeading, (signal) => tell(visitId, { meeting: count, signal }))
  }

  function reconnect(): void {
    if (!present) return
    if (present.isLeading) return connect(present.count + 1)
    present.waitsSince = Date.now()
    tell(present.visitId, { anewAfter: present.count })
  }

  function stop(): void {
    present?.peer?.close()
    present = undefined
  }

  return {
    visitId: () => present?.visitId,
    peer: () => present?.peer,
    start(visitId, isLeading) {
      stop()
      present = { visitId, isLeading, count: 0, peer: undefined, waitsSince: Date.now() }
      if (isLeading) connect(1)
    },
    receive(from, received) {
      const body = received as Body
      if (!present || from !== present.visitId) return
      if ('anewAfter' in body) {
        if (present.isLeading && body.anewAfter === present.count) reconnect()
        return
      }
      if (body.meeting > present.count && !present.isLeading) connect(body.meeting)
      if (body.meeting === present.count) present.peer?.receive(body.signal)
    },
    setConnected(isConnected) {
      if (present) present.waitsSince = isConnected ? undefined : (present.waitsSince ?? Date.now())
    },
    check() {
      if (present?.waitsSince !== undefined && Date.now() - present.waitsSince >= reconnectAfterMs)
        reconnect()
    },
    reconnect,
    stop,
  }
}
