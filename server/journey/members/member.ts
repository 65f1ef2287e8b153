// A member, as rules: names, zones and addresses.

/** Whether this is an IANA time zone. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/**
 * Cal.com wants an e-mail address for each attendee: a member without one gets an address of ours that
 * receives nothing.
 */
export function contactEmail(member: { id: string; email: string | null }): string {
  return member.email ?? `member-${member.id}@members.presence.invalid`
}

/** "Mia" of "Mia Wong": what an SMS calls somebody. */
export function firstName(fullName: string, fallback: string): string {
  return fullName.trim().split(/\s+/, 1)[0] || fallback
}

/** A member who has paid and not visited for this long is reminded of unused sessions. */
export const inactiveAfterHours = 48
