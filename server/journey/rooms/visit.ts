// One browser in a room of our own: how it shows that it is there, and when it no longer is.

/** A browser says this often that it is there. */
export const beatSeconds = 8
/**
 * Without a word for this long it has gone: three beats, so that one that is late or lost takes nobody out.
 */
export const goneAfterSeconds = 26
/** What one browser tells another is of no use after this long. */
export const signalMinutes = 5

/**
 * Why a visit ended: the person left, opened the session somewhere else, was not heard of any more, or the
 * room closed.
 */
export const visitEnds = ['left', 'replaced', 'lost', 'closed'] as const
export type VisitEnd = (typeof visitEnds)[number]

/** What its browser is told; `lost` is not among it, since whoever asks is there again. */
export const visitStates = ['in', 'left', 'replaced', 'closed'] as const
export type VisitState = (typeof visitStates)[number]

/** How the other one stands: `lost` may still be seen, where the two browsers have each other without us. */
export const otherStates = ['in', 'lost', 'left'] as const
export type OtherState = (typeof otherStates)[number]

export function otherState(endedBy: VisitEnd | null): OtherState {
  if (endedBy === null) return 'in'
  return endedBy === 'lost' ? 'lost' : 'left'
}

/** The id of one stay of a visit, in attendance. */
export function stayIdOf(visit: { id: string; stays: number }): string {
  return `${visit.id}:${visit.stays}`
}

/**
 * When a visit that ends now really ended: one that has been silent for too long ended when it was last heard
 * of.
 */
export function visitEndedAt(
  visit: { seenAt: Date; thereUntil: Date },
  moment: { now: Date; realNow: Date },
  closesAt: Date,
): Date {
  const last = visit.thereUntil < moment.realNow ? visit.seenAt : moment.now
  return last > closesAt ? closesAt : last
}
