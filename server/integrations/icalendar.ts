// Reads a calendar at an address that somebody typed. The address may lead anywhere, so every step is held to
// the open internet: https only, every address of the name public, the connection made to the very address
// that was checked (a name that answers differently the second time gains nothing), the same again for each
// redirect, and bounds on all.
import { lookup } from 'node:dns/promises'
import { request } from 'node:https'
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
  /** Where an address that was checked is really reached; tests have no open internet. */
  dial?: (address: string) => { address: string; port: number }
  certificateAuthority?: string
}

export const openInternet: Network = {
  resolve: async (hostname) =>
    (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address),
}

export const limits = { timeoutMs: 10_000, bytes: 2_000_000, redirects: 3 } as const

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
// Ways of writing an IPv4 address, and addresses for documentation.
for (const [network, prefix] of [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  reserved.addSubnet(network, prefix, 'ipv6')

/** Whether an address belongs to the open internet. */
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

/** `webcal://` and https addresses as one form. Throws CalendarUnreadable for everything else. */
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
      'An address with a name and password in it cannot be read. Use the private link of your calendar instead.',
    )
  if (url.port !== '') throw new CalendarUnreadable('An address with a port in it cannot be read.')
  url.hash = ''
  return url.href
}

/** The calendar's text. Throws CalendarUnreadable. */
export async function fetchCalendar(typed: string, network: Network = openInternet): Promise<string> {
  const signal = AbortSignal.timeout(limits.timeoutMs)
  let address = calendarAddress(typed)
  for (let redirects = 0; redirects <= limits.redirects; redirects++) {
    const answer = await get(new URL(address), network, signal)
    if ('text' in answer) {
      if (!/^\s*BEGIN:VCALENDAR/i.test(answer.text))
        throw new CalendarUnreadable(
          'There is no calendar at this address. It should be the iCalendar (.ics) link.',
        )
      return answer.text
    }
    address = calendarAddress(new URL(answer.location, address).href)
  }
  throw new CalendarUnreadable('This address leads from one to the next without end.')
}

type Answer = { text: string } | { location: string }

async function get(url: URL, network: Network, signal: AbortSignal): Promise<Answer> {
  const address = await publicAddress(url.hostname, network, signal)
  const { address: reached, port } = network.dial?.(address) ?? { address, port: 443 }
  return new Promise((resolve, reject) => {
    const fail = (sentence: string) => (cause?: unknown) => reject(new CalendarUnreadable(sentence, cause))
    const outgoing = request(
      {
        method: 'GET',
        host: url.hostname,
        servername: isIP(bare(url.hostname)) ? '' : url.hostname,
        port,
        path: url.pathname + url.search,
        headers: {
          host: url.host,
          accept: 'text/calendar, text/plain;q=0.5',
          'accept-encoding': 'identity',
          'user-agent': 'Presence calendar',
        },
        agent: false,
        signal,
        ...(network.certificateAuthority ? { ca: network.certificateAuthority } : {}),
        // The name is not looked up again: whatever it says now, this is the address that was checked.
        lookup: (_name, options, done) => {
          const family = isIP(reached)
          if (options.all) done(null, [{ address: reached, family }])
          else done(null, reached, family)
        },
      },
      (answer) => {
        const status = answer.statusCode ?? 0
        if ([301, 302, 303, 307, 308].includes(status) && answer.headers.location) {
          answer.destroy()
          return resolve({ location: answer.headers.location })
        }
        if (status !== 200) {
          answer.destroy()
          return fail(
            status === 404 || status === 410
              ? 'There is nothing at this address any more.'
              : `The calendar's server refused with ${status}.`,
          )()
        }
        if ((answer.headers['content-encoding'] ?? 'identity') !== 'identity') {
          answer.destroy()
          return fail('The calendar comes in a form that cannot be read.')()
        }
        const parts: Buffer[] = []
        let bytes = 0
        answer.on('data', (part: Buffer) => {
          bytes += part.length
          if (bytes > limits.bytes) {
            answer.destroy()
            fail('This calendar is larger than two megabytes, which is too much.')()
          } else parts.push(part)
        })
        answer.on('end', () => resolve({ text: Buffer.concat(parts).toString('utf8') }))
        answer.on('error', fail('The calendar could not be read to its end.'))
      },
    )
    outgoing.on('error', (cause) =>
      fail(
        signal.aborted
          ? 'The calendar took too long to answer.'
          : "The calendar's server could not be reached.",
      )(cause),
    )
    outgoing.end()
  })
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '')

/**
 * The first address of a name, all of which must be public; one that is not is refused like one that is
 * unknown.
 */
async function publicAddress(hostname: string, network: Network, signal: AbortSignal): Promise<string> {
  const literal = bare(hostname)
  const addresses = isIP(literal) ? [literal] : await resolved(literal, network, signal)
  const [first] = addresses
  if (first === undefined || !addresses.every(isPublicAddress)) {
    throw new CalendarUnreadable('This address does not lead to a calendar on the open internet.')
  }
  return first
}

async function resolved(hostname: string, network: Network, signal: AbortSignal): Promise<string[]> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new Error('too late'))
  signal.addEventListener('abort', stop)
  try {
    return await Promise.race([network.resolve(hostname), tooLate])
  } catch {
    return [] // a name that nobody knows, or that takes too long to find
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
