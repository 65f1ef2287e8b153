// Daily: REST API, webhooks, and rooms in which two browsers meet.
import { randomUUID } from 'node:crypto'
import type { Provider, SandboxContext } from '../core/provider.ts'
import { refused } from './answers.ts'
import { checkLine, takeOut } from './lines.ts'
import { session } from './meeting.ts'
import { presenceOperations } from './presence-operations.ts'
import { limit } from './rate-limit.ts'
import { roomOperations } from './room-operations.ts'
import { domainOperations } from './domain-operations.ts'
import { domainName } from './room.ts'
import { tokenOperations } from './token-operations.ts'
import { webhookOperations } from './webhook-operations.ts'
import { countAttempt, keepWebhook, ownWebhookId, rememberSecret, sign, webhooks } from './webhook.ts'

export { dailyPages } from './pages.ts'

const errors = {
  not_covered: 'not-found',
  internal: 'server-error',
  unavailable: 'server-error',
  rate_limited: 'rate-limit-error',
  malformed_request: 'invalid-request-error',
} as const

export const daily: Provider = {
  name: 'daily',
  operations: [
    ...domainOperations,
    ...roomOperations,
    ...tokenOperations,
    ...presenceOperations,
    ...webhookOperations,
  ],
  owns: (path) =>
    /^\/v1\/(rooms|meeting-tokens|meetings|presence|webhooks|recordings|transcript|logs|domains)(\/|$)/.test(
      path,
    ),
  authenticate: (request, _operation, ctx) => {
    const [scheme, key] = (request.headers['authorization'] ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !key) return refused(400, 'authorization-header-error')
    return key === ctx.keys['DAILY_API_KEY'] ? undefined : refused(401, 'authentication-error')
  },
  limit,
  error: (status, reason) => refused(status, errors[reason], reason.replaceAll('_', ' ')),
  refuse: (status, code, sentence) => ({ status, body: { error: code, info: sentence } }),
  attempted: countAttempt,
  sign,
  retryDelaysMs: [1000, 4000, 15_000, 60_000, 300_000],
  timers: {
    eject: ({ sessionId }: { sessionId: string }, ctx: SandboxContext) => {
      const one = session(ctx, sessionId)
      if (one?.willEjectAt && one.willEjectAt * 1000 <= ctx.clock.now()) takeOut(ctx, sessionId, 'time')
    },
    line: ({ sessionId }: { sessionId: string }, ctx: SandboxContext) => checkLine(ctx, sessionId),
  },
  start: (ctx) => {
    ctx.store.transaction(() => {
      if (!ctx.store.get('daily.domain', 'domain'))
        ctx.store.put('daily.domain', 'domain', { id: randomUUID(), name: domainName })
      const now = new Date(ctx.clock.now()).toISOString()
      const before = webhooks(ctx).find((webhook) => webhook.uuid === ownWebhookId)
      keepWebhook(ctx, {
        uuid: ownWebhookId,
        url: `${ctx.appUrl}/functions/v1/daily-webhook`,
        hmac: ctx.keys['DAILY_WEBHOOK_SECRET'] ?? '',
        retryType: 'exponential',
        eventTypes: ['participant.joined', 'participant.left', 'meeting.started', 'meeting.ended'],
        state: 'ACTIVE',
        createdAt: before?.createdAt ?? now,
        updatedAt: before?.updatedAt ?? now,
        failuresInARow: 0,
      })
    })
    for (const webhook of webhooks(ctx)) rememberSecret(ctx, webhook)
  },
}
