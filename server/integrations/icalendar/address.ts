// The SSRF guard for calendar addresses that people type. Such an address may lead anywhere, so only https to
// public addresses is allowed, and the connection is made to the very address that was checked: a name that
// resolves differently the second time (DNS rebinding) gains nothing.
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** The calendar cannot be read. The message is a whole sentence for the host. */
export class CalendarUnreadable extends Error {
  constructor(sentence: string, cause?: unknown) {
    super(sentence, { cause })
    this.name = 'CalendarUnreadable'
  }
}

export type Network = {
  /** Every address of a name. */
  resolve: (hostname: string) => Promise<string[]>
  /** Where a checked address is really reached, for tests, which have no open internet. */
  dial?: (address: string) => { address: string; port: number }
  certificateAuthority?: string
}

export const openInternet: Network = {
  resolve: async (hostname) =>
    (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address),
}

const reserved = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  reserved.addSubnet(network, prefix, 'ipv4')
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
// IPv6 forms of IPv4 addresses, and addresses for documentation.
for (const [network, prefix] of [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  reserved.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address belongs to the open internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !reserved.check(address, 'ipv4')
    case 6:
      return global6.check(address, 'ipv6') && !reserved.check(address, 'ipv6')
    default:
      return false
  }
}

/** Normalizes a `webcal://` or https address. Throws CalendarUnreadable for every other. */
export function calendarAddress(typed: string): string {
  let url: URL
  try {
    url = new URL(typed.trim().replace(/^webcals?:\/\//i, 'https://'))
  } catch (cause) {
    throw new CalendarUnreadable(
      'That is not an address. Copy the whole link to your calendar, beginning with https:// or webcal://.',
      cause,
    )
  }
  if (url.protocol !== 'https:')
    throw new CalendarUnreadable('Only calendars at addresses that begin with https:// can be read.')
  if (url.username || url.password)
    throw new CalendarUnreadable(
      'An address with a name and password in it cannot be read. ' +
        'Use the private link of your calendar instead.',
    )
  if (url.port !== '') throw new CalendarUnreadable('An address with a port in it cannot be read.')
  url.hash = ''
  return url.href
}

export const withoutBrackets = (hostname: string) => hostname.replace(/^\[|\]$/g, '')

/** The first IP address of a name. All must be public; otherwise the name is refused like an unknown one. */
export async function publicAddress(
  hostname: string,
  network: Network,
  signal: AbortSignal,
): Promise<string> {
  const literal = withoutBrackets(hostname)
  const addresses = isIP(literal) ? [literal] : await resolve(literal, network, signal)
  const [first] = addresses
  if (first === undefined || !addresses.every(isPublicAddress)) {
    throw new CalendarUnreadable('This address does not lead to a calendar on the open internet.')
  }
  return first
}

async function resolve(hostname: string, network: Network, signal: AbortSignal): Promise<string[]> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new Error('too late'))
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([network.resolve(hostname), tooLate])
  } catch {
    return [] // an unknown name, or one that takes too long to resolve
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
