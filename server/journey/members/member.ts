// A member, as rules: names, zones and addresses.
import { Temporal } from 'temporal-polyfill'
import { isFormer } from './former.ts'
import { isLinkable } from './name.ts'

/**
 * Whether this is an IANA time zone that every browser knows too: no bare offset, and none of the old names
 * of three letters that Temporal refuses.
 */
export function isTimeZone(text: string): boolean {
  return zoneIn(text) !== undefined
}

/** The same zone with its capitals as IANA writes them: `Australia/Sydney`. */
export function zoneIn(text: string): string | undefined {
  if (!/^[A-Za-z]/.test(text)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId
  } catch {
    return undefined
  }
}

/**
 * Cal.com wants an e-mail address for each attendee and shows it to the host: every member has one of ours,
 * which receives nothing.
 */
export function contactEmail(member: { id: string }): string {
  return `member-${member.id}@members.presence.invalid`
}

/** "Mia" of "Mia Wong": what an SMS calls somebody. Never anything that a phone makes a link of. */
export function firstName(fullName: string, fallback: string): string {
  if (isFormer(fullName)) return fullName
  const [first] = fullName.trim().split(/\s+/, 1)
  return first && !isLinkable(first) ? first : fallback
}

/** A member who has paid and not visited for this long is reminded of unused sessions. */
export const inactiveAfterHours = 48
