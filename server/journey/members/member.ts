// A member, as rules: names, numbers and addresses.

const mobileNumber = /^\+[1-9][0-9]{6,14}$/

/** Whether `text` is an international mobile number in the form that is stored: +61491570006. */
export function isMobileNumber(text: string): boolean {
  return mobileNumber.test(text)
}

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
