// Every form of a Cal Link. One that is not understood makes the row unreadable: without it the host would
// be booked in the built-in calendar, which knows nothing of theirs.

export type CalLink = { username: string; eventSlug: string }

/** Undefined for an empty cell. `unreadable` is a part of a sentence: `has a Cal Link that ...`. */
export function readCalLink(cell: string): CalLink | undefined | { unreadable: string } {
  const link = cell.replaceAll(/[\s\p{Cf}]/gu, '')
  if (link === '') return undefined
  const unreadable = (why: string) => ({ unreadable: `has a Cal Link that ${why}` })
  const address = /^https?:\/\//i.test(link) ? link : `https://${link}`
  if (!URL.canParse(address)) return unreadable('is no address')
  const { hostname, pathname } = new URL(address)
  if (hostname === 'cal.eu' || hostname.endsWith('.cal.eu'))
    return unreadable('is at cal.eu, which keeps its own accounts; Presence works with cal.com')
  if (hostname !== 'cal.com' && !hostname.endsWith('.cal.com')) return unreadable('does not lead to cal.com')
  const part = hostname === 'cal.com' ? '' : hostname.slice(0, -'.cal.com'.length)
  const organization = part === 'www' || part === 'app' ? '' : part
  const words = pathname.split('/').filter(Boolean)
  if (words[0] === 'd') return unreadable('is a private link, which changes; use the link of the event type')
  if (words.some((word) => !/^[\w.-]+$/.test(word))) return unreadable('names several people or is cut off')
  const isTeam = words[0] === 'team'
  const [name, eventSlug, ...more] = isTeam ? words.slice(1) : words
  if (part === 'app' && ['event-types', 'settings', 'bookings'].includes(name ?? ''))
    return unreadable('is a page of the settings; use the public link of the event type')
  if (!name || !eventSlug) return unreadable('names no event type, like cal.com/name/10min')
  if (more.length > 0) return unreadable('is longer than a link to an event type')
  const owner = isTeam ? `team/${name}` : name
  return { username: organization ? `${owner}@${organization}` : owner, eventSlug }
}
