// A member, as rules: names, zones and addresses.

/** Whether this is an IANA time zone that this machine knows. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/**
 * Where a member has given no address, one of ours that nothing is ever sent to; Cal.com wants one per
 * attendee.
 */
export function contactEmail(member: { id: string; email: string | null }): string {
  return member.email ?? `member-${member.id}@members.presence.invalid`
}

/** "Mia" of "Mia Wong": what an SMS calls somebody. */
export function firstName(fullName: string, fallback: string): string {
  return fullName.trim().split(/\s+/, 1)[0] || fallback
}

/** Who has paid and not been here for so long is reminded of what is unused. */
export const inactiveAfterHours = 48
