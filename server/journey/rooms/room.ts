// A room's name, and what its attendance means.

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * The name of one attempt's room, at most 29 characters of [0-9a-z-], the same whenever it is asked for, so that a
 * second creation finds the first (Daily has no idempotency keys, but refuses a name that is taken). The attempt is
 * written to base 36, so that two characters are enough for any number of changes of mind.
 */
export function roomName(bookingId: string, attempt: number): string {
  if (!Number.isInteger(attempt) || attempt < 0 || attempt >= 36 ** 2) throw new RangeError(`not an attempt: ${attempt}`)
  let rest = BigInt(`0x${bookingId.replaceAll('-', '')}`)
  let text = ''
  for (let index = 0; index < 26; index++) {
    text = alphabet[Number(rest & 31n)]! + text
    rest >>= 5n
  }
  return `${text}-${attempt.toString(36)}`
}

/** Who was there, as facts; what follows from it is decided by `outcomeOf`. */
export type Attendance = { hostSeconds: number; memberSeconds: number; anySignal: boolean }

export type AttendanceEvent = 'held' | 'member_absent' | 'host_absent' | 'attendance_unknown'

/**
 * What happened, by rule: both there is held, one alone makes the other absent, and no signal from the video provider
 * at all is never guessed. `anySignal` without anybody inside means both stayed away, which counts against the host:
 * a host who does not come gives the session back, whatever the member did.
 */
export function outcomeOf({ hostSeconds, memberSeconds, anySignal }: Attendance): AttendanceEvent {
  if (!anySignal) return 'attendance_unknown'
  if (hostSeconds > 0 && memberSeconds > 0) return 'held'
  return hostSeconds > 0 ? 'member_absent' : 'host_absent'
}
