// One browser in a room of our own: how it shows that it is there, and when it counts as gone.

/**
 * A browser that is silent for this long has gone: three heartbeats, so that one late or lost heartbeat ends
 * nothing.
 */
export const goneAfterSeconds = 26
/** A signal is of no use after this long. */
export const signalMinutes = 5

/**
 * Why a visit ended: the person left, opened the session somewhere else or was not heard of any more, or the
 * room closed.
 */
const visitEnds = ['left', 'replaced', 'lost', 'closed'] as const
export type VisitEnd = (typeof visitEnds)[number]

/** What its browser is told. `lost` is missing, since a browser that asks is there again. */
export const visitStates = ['in', 'left', 'replaced', 'closed'] as const
export type VisitState = (typeof visitStates)[number]

/** How the other stands. Somebody `lost` may still be seen, if the two browsers are connected without us. */
export const otherStates = ['in', 'lost', 'left'] as const
export type OtherState = (typeof otherStates)[number]

export function otherState(endedBy: VisitEnd | null): OtherState {
  if (endedBy === null) return 'in'
  return endedBy === 'lost' ? 'lost' : 'left'
}

/** The id of one stay of a visit in the attendance. */
export function stayIdOf(visit: { id: string; stays: number }): string {
  return `${visit.id}:${visit.stays}`
}

/** When a visit really ended: a visit that was silent for too long ended when it was last heard of. */
export function visitEndedAt(
  visit: { seenAt: Date; thereUntil: Date },
  moment: { now: Date; realNow: Date },
  closesAt: Date,
): Date {
  const last = visit.thereUntil < moment.realNow ? visit.seenAt : moment.now
  return last > closesAt ? closesAt : last
}
