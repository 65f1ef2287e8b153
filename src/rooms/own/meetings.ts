// Which connection to the other's browser is the present one. Who came later leads: it alone begins a
// connection, and counts them; the other follows the highest count it hears. So the two never begin at the
// same moment, what belongs to an earlier connection is known by its count, and whatever was lost on the way,
// two who can be told things meet again.
import type { Peer, Signal } from './peer.ts'

/** A connection that has not come about, or could not be mended, for this long is made anew. */
export const anewAfterMs = 15_000

type Body =
  | { meeting: number; signal: Signal }
  | { /** The follower asks for another than this one. */ anewAfter: number }

export type Meetings = {
  visitId: () => string | undefined
  peer: () => Peer | undefined
  /** The other is there, with this visit; both know who of the two leads. */
  meet: (visitId: string, isLeading: boolean) => void
  hear: (from: string, body: unknown) => void
  /** The present connection stands, or does not any more. */
  stands: (isStanding: boolean) => void
  /** Every few seconds, while the other can be told something. */
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
