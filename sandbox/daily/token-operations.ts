// /v1/meeting-tokens. https://docs.daily.co/reference/rest-api/meeting-tokens
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { invalid, isRecord, jsonBody, ok } from './answers.ts'
import { fault, tokenProperties } from './properties.ts'
import { readToken, signToken } from './token.ts'
import { domainId } from './visit.ts'

const longestUserId = 36

function create(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const read = jsonBody(request)
  if ('answer' in read) return read.answer
  const { properties = {}, ...rest } = read.body
  const unknown = Object.keys(rest)[0]
  if (unknown) return invalid(`unknown parameter '${unknown}'`)
  if (!isRecord(properties)) return invalid(`'properties' should be an object`)
  const wrong = fault(properties, tokenProperties)
  if (wrong) return invalid(wrong)
  const userId = properties['user_id']
  if (typeof userId === 'string' && userId.length > longestUserId) {
    return invalid(`user_id cannot be longer than ${longestUserId} characters`)
  }
  return ok({
    token: signToken(properties, domainId(ctx), ctx.clock.seconds(), ctx.keys['DAILY_API_KEY'] ?? ''),
  })
}

function validate(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const token = readToken(request.params['token'] ?? '', ctx.keys['DAILY_API_KEY'] ?? '')
  if (!token || (token.domain_id !== undefined && token.domain_id !== domainId(ctx)))
    return invalid('token is invalid')
  if (token.exp !== undefined && token.exp <= ctx.clock.seconds()) return invalid('token has expired')
  const isEarly = token.nbf !== undefined && token.nbf > ctx.clock.seconds()
  if (isEarly && request.query.get('ignoreNbf') !== 'true') return invalid('token is not yet valid')
  const { domain_id: _domain, iat: _iat, ...properties } = token
  return ok(properties)
}

export const tokenOperations: Operation[] = [
  { name: 'meeting-tokens.create', method: 'POST', path: '/v1/meeting-tokens', handle: create },
  { name: 'meeting-tokens.validate', method: 'GET', path: '/v1/meeting-tokens/:token', handle: validate },
]
