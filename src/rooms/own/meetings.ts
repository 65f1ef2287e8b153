// Manages the current connection to the other browser. The person who came later leads: only the
// leader starts a connection and counts them; the other follows the highest count received. So the
// two never start at once, signals of an earlier connection are recognised by its count, and two
// people whose signals get through always reconnect.
import type { Peer, Signal } from './peer.ts'

/** A connection that was not established, or could not be repaired, for this long is replaced. */
export const anewAfterMs = 15_000

type Body =
  | { meeting: number; signal: Signal }
  | { /** The follower asks for another than this one. */ anewAfter: number }

export type Meetings = {
  visitId: () => string | undefined
  peer: () => Peer | undefined
  /** The other has arrived, with this visit; both know which of the two leads. */
  meet: (visitId: string, isLeading: boolean) => void
  hear: (from: string, body: unknown) => void
  /** The current connection is established, or no longer. */
  stands: (isStanding: boolean) => void
  /** Called every few seconds while signals can reach the other. */
  look: () => void
  anew: () => void
  part: () => void
}

type Options = {
  tell: (visitId: string, body: Body) => void
  open: (isLeading: boolean, send: (signal: Signal) => void) => Peer
}

export function openMeetings({ tell, open }: Options): Meetings {
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

  function anew(): void {
    if (!present) return
    if (present.isLeading) return connect(present.count + 1)
    present.waitsSince = Date.now()
    tell(present.visitId, { anewAfter: present.count })
  }

  function part(): void {
    present?.peer?.close()
    present = undefined
  }

  return {
    visitId: () => present?.visitId,
    peer: () => present?.peer,
    meet(visitId, isLeading) {
      part()
      present = { visitId, isLeading, count: 0, peer: undefined, waitsSince: Date.now() }
      if (isLeading) connect(1)
    },
    hear(from, said) {
      const body = said as Body
      if (!present || from !== present.visitId) return
      if ('anewAfter' in body) {
        if (present.isLeading && body.anewAfter === present.count) anew()
        return
      }
      if (body.meeting > present.count && !present.isLeading) connect(body.meeting)
      if (body.meeting === present.count) present.peer?.receive(body.signal)
    },
    stands(isStanding) {
      if (present) present.waitsSince = isStanding ? undefined : (present.waitsSince ?? Date.now())
    },
    look() {
      if (present?.waitsSince !== undefined && Date.now() - present.waitsSince >= anewAfterMs) anew()
    },
    anew,
    part,
  }
}
