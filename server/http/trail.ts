// The trail of security events: refusals of people who are signed in, and all that operators read and decide.
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { recordSecurity } from '../db/security-events.ts'
import { accessOf, type RequestEnv } from '../journey/request.ts'

export const keepTrail: MiddlewareHandler<RequestEnv> = async (c, next) => {
  await next()
  const who = c.get('who')
  if (!who) return
  const kind = c.res.status === 403 ? 'refused' : kindOf(c.req.method, c.res.status, isForOperators(c))
  if (!kind) return
  const subject = `${c.req.method} ${c.req.path}`.slice(0, 200)
  await recordSecurity(c.get('ctx').db, { kind, personId: who.personId, subject })
}

function isForOperators(c: Parameters<typeof matchedRoutes>[0]): boolean {
  return matchedRoutes(c).some(({ handler }) => accessOf(handler) === 'operator')
}

/** Only of what was done: an operator's request that was refused for its form changed and showed nothing. */
function kindOf(
  method: string,
  status: number,
  isForOperators: boolean,
): 'private_read' | 'decided' | undefined {
  if (!isForOperators || status >= 400) return undefined
  return method === 'GET' ? 'private_read' : 'decided'
}
