// PUBLIC_URL as the services will call it.
import type { Context } from '../context.ts'
import { isReachable } from '../../lib/reachable.ts'
import { type ConnectionLine, linesOf } from './connection.ts'

export function checkAddress({ config }: Context): ConnectionLine[] {
  const { ok, failing } = linesOf('presence')
  const services = [config.stripe.apiUrl, config.twilio.apiUrl, config.calcom.apiUrl, config.airtable.apiUrl]
  const { pathname, search } = new URL(config.publicUrl)
  if (pathname !== '/' || search !== '')
    return [
      failing(
        'address',
        'public_url_path',
        `PUBLIC_URL is ${config.publicUrl}`,
        'Set PUBLIC_URL to scheme and host alone: Presence has no prefix of its own.',
      ),
    ]
  if (services.every((service) => isReachable(config.publicUrl, service)))
    return [ok('address', config.publicUrl)]
  return [
    failing(
      'address',
      'public_url',
      `PUBLIC_URL is ${config.publicUrl}, which the services cannot reach`,
      'Set PUBLIC_URL to a public https address; on a laptop that is the address of a tunnel.',
    ),
  ]
}
