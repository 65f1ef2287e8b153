import type { ProviderAnswer, ProviderRequest, SandboxContext } from '../../core/provider.ts'
import { newId } from './ids.ts'
import { apiVersion } from './version.ts'

const refusal = (status: number, message: string): ProviderAnswer => ({
  status,
  headers: {
    'request-id': newId('req', 14),
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="Stripe"' }),
  },
  body: { error: { type: 'invalid_request_error', message } },
})

/** The key of `Authorization: Bearer sk_test_…`, or the name part of HTTP basic. */
function keyOf(header: string): string {
  const [scheme = '', value = ''] = header.split(' ')
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString().split(':')[0] ?? ''
  return ''
}

const masked = (key: string) =>
  `${key.slice(0, 8)}${'*'.repeat(Math.max(key.length - 12, 0))}${key.slice(-4)}`

/** Refuses a missing or wrong key and any API version but the one spoken here. */
export function refuseCredentials(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer | undefined {
  const key = keyOf(request.headers['authorization'] ?? '')
  if (!key) {
    return refusal(
      401,
      'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth ' +
        "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  if (key === ctx.keys['STRIPE_PUBLISHABLE_KEY']) {
    return refusal(
      403,
      'This API call cannot be made with a publishable API key. Please use a secret API key.',
    )
  }
  if (key !== ctx.keys['STRIPE_SECRET_KEY']) return refusal(401, `Invalid API Key provided: ${masked(key)}`)
  const version = request.headers['stripe-version']
  if (version && version !== apiVersion) {
    return refusal(400, `Invalid Stripe API version: ${version}. The sandbox speaks only ${apiVersion}.`)
  }
  return undefined
}
