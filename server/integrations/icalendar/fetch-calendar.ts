// Reads a calendar at an address that somebody typed, through the SSRF guard of address.ts. Each
// redirect is checked again; time, size and redirects are limited.
import { request } from 'node:https'
import { isIP } from 'node:net'
import {
  withoutBrackets,
  calendarAddress,
  CalendarUnreadable,
  type Network,
  openInternet,
  publicAddress,
} from './address.ts'

export const limits = { timeoutMs: 10_000, bytes: 20_000_000, redirects: 3 } as const

/** What is at that address, as it came. Throws CalendarUnreadable. */
export async function fetchCalendar(typed: string, network: Network = openInternet): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(limits.timeoutMs)
  let address = calendarAddress(typed)
  for (let redirects = 0; redirects <= limits.redirects; redirects++) {
    const answer = await get(new URL(address), network, signal)
    if ('bytes' in answer) return answer.bytes
    address = calendarAddress(new URL(answer.location, address).href)
  }
  throw new CalendarUnreadable('This address leads from one to the next without end.')
}

type Answer = { bytes: Uint8Array } | { location: string }

async function get(url: URL, network: Network, signal: AbortSignal): Promise<Answer> {
  const address = await publicAddress(url.hostname, network, signal)
  const { address: reached, port } = network.dial?.(address) ?? { address, port: 443 }
  return new Promise((resolve, reject) => {
    const fail = (sentence: string) => (cause?: unknown) => reject(new CalendarUnreadable(sentence, cause))
    const outgoing = request(
      {
        method: 'GET',
        host: url.hostname,
        servername: isIP(withoutBrackets(url.hostname)) ? '' : url.hostname,
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
        // The name is not resolved again: the connection goes to the address that was checked.
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
            fail('This calendar is larger than twenty megabytes, which is too much.')()
          } else parts.push(part)
        })
        answer.on('end', () => resolve({ bytes: Buffer.concat(parts) }))
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
