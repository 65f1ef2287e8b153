// Twilio's stand-in: Messages under /2010-04-01 and Verify under /v2/Services.
import type { Provider, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { accountOperations } from './account.ts'
import { messageTimers } from './carrier.ts'
import { noSuchResource, twilioError } from './error.ts'
import { messageOperations } from './messages.ts'
import { limitTwilio } from './rate-limit.ts'
import { seedService, serviceOperations } from './services.ts'
import { twilioSignature } from './signature.ts'
import { verifyOperations } from './verify.ts'

export { twilioPages } from './inbound.ts'

function authenticate(request: ProviderRequest, ctx: SandboxContext) {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = ctx.keys
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  if (request.headers['authorization'] !== expected) return twilioError(401, 20003, 'Authenticate')
  const named = request.params['accountSid']
  return named === undefined || named === accountSid ? undefined : noSuchResource(request.path)
}

export const twilio: Provider = {
  name: 'twilio',
  operations: [...accountOperations, ...messageOperations, ...serviceOperations, ...verifyOperations],
  owns: (path) => path.startsWith('/2010-04-01/') || /^\/v[12]\/Services/.test(path),
  authenticate: (request, _operation, ctx) => authenticate(request, ctx),
  limit: limitTwilio,
  error: (status, reason) => {
    switch (reason) {
      case 'not_covered':
        return twilioError(status, 20404, 'The requested resource was not found')
      case 'rate_limited':
        return twilioError(status, 20429, 'Too Many Requests')
      case 'internal':
        return twilioError(status, 20500, 'An internal server error has occurred')
      case 'unavailable':
        return twilioError(status, 20503, 'Service unavailable')
      case 'malformed_request':
        return twilioError(status, 20001, 'Bad request')
    }
  },
  refuse: (status, code, sentence) => twilioError(status, Number(code), sentence),
  sign: (delivery, secret) => ({
    'X-Twilio-Signature': twilioSignature(
      secret,
      delivery.url,
      Object.fromEntries(new URLSearchParams(delivery.body)),
    ),
  }),
  // Twilio retries a webhook only once: what was missed has to be looked up.
  retryDelaysMs: [1000],
  timers: messageTimers,
  start: seedService,
}
