// A room's name, and what its attendance means.
import { otherOf, type Role } from '../bookings/participant.ts'
import { noShowAfterMinutes } from '../bookings/room-window.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * The name of one attempt's room: at most 29 characters of [0-9a-z-], and always the same, so that making it
 * twice finds the first one (Daily has no idempotency keys, but refuses a name that is taken). The attempt is
 * in base 36, so that two characters are enough.
 */
export function roomName(bookingId: string, attempt: number): string {
  if (!Number.isInteger(attempt) || attempt < 0 || attempt >= 36 ** 2)
    throw new RangeError(`not an attempt: ${attempt}`)
  let rest = BigInt(`0x${bookingId.replaceAll('-', '')}`)
  let text = ''
  for (let index = 0; index < 26; index++) {
    text = alphabet[Number(rest & 31n)]! + text
    rest >>= 5n
  }
  return `${text}-${attempt.toString(36)}`
}

/** One stay of one person. Without an end it still goes on. */
export type Stay = { role: Role; joinedAt: Date; leftAt: Date | null }

export type AttendanceEvent = 'held' | 'member_absent' | 'host_absent' | 'attendance_unknown'

type Span = { from: number; to: number }

/** Video providers count whole seconds, so a shorter stay counts as one second. */
const shortestMs = 1_000
const roundingMs = 2_000
const earlyMeetingMs = 60_000

function spansOf(stays: readonly Stay[], role: Role, from: number, to: number): Span[] {
  return stays
    .filter((stay) => stay.role === role)
    .map((stay) => {
      const joined = stay.joinedAt.getTime()
      return {
        from: Math.max(joined, from),
        to: Math.min(Math.max(stay.leftAt?.getTime() ?? to, joined + shortestMs), to),
      }
    })
    .filter((span) => span.from < span.to)
}

function longestOverlapMs(some: readonly Span[], others: readonly Span[]): number {
  return Math.max(
    0,
    ...some.flatMap((one) =>
      others.map((other) => Math.min(one.to, other.to) - Math.max(one.from, other.from)),
    ),
  )
}

/** Whether both were in the room at the same moment within a span of time. */
export function haveMet(stays: readonly Stay[], from: Date, until: Date): boolean {
  return (
    longestOverlapMs(
      spansOf(stays, 'host', from.getTime(), until.getTime()),
      spansOf(stays, 'member', from.getTime(), until.getTime()),
    ) > 0
  )
}

/** Whether they had their conversation before it was to begin: together for at least a minute. */
function metEarly(stays: readonly Stay[], start: Date): boolean {
  return (
    longestOverlapMs(
      spansOf(stays, 'host', 0, start.getTime()),
      spansOf(stays, 'member', 0, start.getTime()),
    ) >= earlyMeetingMs
  )
}

/**
 * What happened between `start` and `until` (the end, or the moment it ended early), by rule:
 * - Having been there together is held. If only one was there, the other was absent.
 * - If both were there but never together, whoever came first and waited five minutes from the start kept the
 *   appointment. Whoever left earlier did not.
 * - If nobody was there during the session, it counts against the host, unless they had met early: a host who
 *   does not come gives the session back, whatever the member did.
 * - Without any signal nothing is guessed.
 */
export function outcomeOf(stays: readonly Stay[], start: Date, until: Date): AttendanceEvent {
  if (stays.length === 0) return 'attendance_unknown'
  const host = spansOf(stays, 'host', start.getTime(), until.getTime())
  const member = spansOf(stays, 'member', start.getTime(), until.getTime())
  if (longestOverlapMs(host, member) > 0) return 'held'
  if (host.length > 0 && member.length > 0) {
    const isHostFirst = earliest(host) < earliest(member)
    const [first, second] = isHostFirst ? [host, member] : [member, host]
    const waitedUntil = Math.max(
      ...first.filter((span) => span.from < earliest(second)).map((span) => span.to),
    )
    const hasWaited = waitedUntil >= mayLeaveAt(start).getTime() - roundingMs
    return isHostFirst === hasWaited ? 'member_absent' : 'host_absent'
  }
  if (host.length > 0) return 'member_absent'
  if (member.length > 0) return 'host_absent'
  return metEarly(stays, start) ? 'held' : 'host_absent'
}

const earliest = (spans: readonly Span[]) => Math.min(...spans.map((span) => span.from))

/** From when somebody who waits may leave with the outcome recorded. */
export function mayLeaveAt(start: Date): Date {
  return new Date(start.getTime() + noShowAfterMinutes * 60_000)
}

/** Whether `role` has been in the room at any moment from `start` until `until`. */
export function hasBeenIn(stays: readonly Stay[], role: Role, start: Date, until: Date): boolean {
  return spansOf(stays, role, start.getTime(), until.getTime()).length > 0
}

/** Whether `role` has been there and the other one has not, from the start until `until`. */
export function isAlone(stays: readonly Stay[], role: Role, start: Date, until: Date): boolean {
  return hasBeenIn(stays, role, start, until) && !hasBeenIn(stays, otherOf(role), start, until)
}
