// Which key reaches a host's calendar at Cal.com: their own where they connected it, or else the platform's.
import { allowCall } from '../../calls/sliding-window.ts'
import { type CalcomClient, callsPerMinute } from '../../integrations/calcom.ts'
import { ProviderError } from '../../lib/errors.ts'
import { unseal } from '../../lib/sealed.ts'
import type { Context } from '../context.ts'

/** The client for one host. Cal.com limits each key alone. */
export async function findCalcom(ctx: Context, hostId: string): Promise<CalcomClient> {
  const connection = await ctx.db
    .selectFrom('calcomConnections')
    .select('sealedKey')
    .where('hostId', '=', hostId)
    .executeTakeFirst()
  if (!connection) return ctx.calcom
  const apiKey = unseal(ctx.config.authSecret, hostId, connection.sealedKey)
  if (apiKey === undefined)
    throw new ProviderError('calcom', 'the key of this host cannot be opened', {
      ambiguous: false,
      status: 401,
      code: 'sealed_with_another_secret',
    })
  return { ...calcomWithKey(ctx, hostId, apiKey), hostId }
}

export function calcomWithKey(ctx: Context, hostId: string, apiKey: string): CalcomClient {
  return {
    ...ctx.calcom,
    apiKey,
    allowCall: (kind) => allowCall(ctx.db, limitOf(hostId), callsPerMinute[kind]),
  }
}

/** The sliding window of a host's own key. */
export const limitOf = (hostId: string) => `calcom:${hostId}`
