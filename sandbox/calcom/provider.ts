// Cal.com API v2: slots, reservations, bookings, event types, schedules, webhooks.
import type { Provider, SandboxContext } from '../core/provider.ts'
import { callerOf, keyOwner } from './account.ts'
import { addressOf, failure } from './answers.ts'
import { tellMeeting } from './booking-hooks.ts'
import { bookingOperations } from './booking-operations.ts'
import { booking } from './booking.ts'
import { eventTypeOperations } from './event-type-operations.ts'
import { hookOperations } from './hook-operations.ts'
import { hooks, keepHook, rememberSecret, sign, triggers } from './hook.ts'
import { needsKey } from './operation.ts'
import { count, limit } from './rate-limit.ts'
import { scheduleOperations } from './schedule-operations.ts'
import { seedAccounts } from './seed-accounts.ts'
import { slotOperations } from './slot-operations.ts'

export { calcomPages } from './pages.ts'

const messages = {
  not_covered: 'Cannot find this route',
  internal: 'Internal server error',
  rate_limited: 'ThrottlerException: Too Many Requests',
  unavailable: 'Service Unavailable',
  malformed_request: 'Bad Request',
}

/** Fires at the scheduled time even if nobody came, but not for a booking that was cancelled or moved. */
const meeting =
  (trigger: 'MEETING_STARTED' | 'MEETING_ENDED') =>
  ({ uid }: { uid: string }, ctx: SandboxContext) => {
    const one = booking(ctx, uid)
    if (one?.status === 'accepted') tellMeeting(ctx, trigger, one)
  }

const ownHookId = 1

export const calcom: Provider = {
  name: 'calcom',
  operations: [
    ...slotOperations,
    ...bookingOperations,
    ...eventTypeOperations,
    ...scheduleOperations,
    ...hookOperations,
  ],
  owns: (path, headers) =>
    /^\/v2\/(slots|bookings|event-types|schedules|webhooks|me|calendars|teams|organizations|oauth|conferencing)(\/|$)/.test(
      path,
    ) ||
    (path.startsWith('/v2/') && headers['cal-api-version'] !== undefined),
  authenticate: (request, operation, ctx) => {
    count(request, ctx)
    const authorization = request.headers['authorization']
    if (authorization === undefined) {
      if (operation.name === 'bookings.list')
        return failure(403, 'PermissionsGuard - no authentication provided.', addressOf(request))
      return needsKey(operation)
        ? failure(
            401,
            "No authentication method provided. Either pass an API key as 'Bearer' header or OAuth client credentials as " +
              "'x-cal-secret-key' and 'x-cal-client-id' headers",
            addressOf(request),
          )
        : undefined
    }
    return callerOf(ctx, authorization)
      ? undefined
      : failure(401, 'ApiAuthStrategy - api key - Your api key is not valid', addressOf(request))
  },
  limit,
  error: (status, reason) => failure(status, messages[reason]),
  refuse: (status, _code, sentence) => failure(status, sentence),
  sign,
  // Not documented: the open source makes up to three attempts.
  retryDelaysMs: [2000, 10_000],
  timers: { 'meeting-started': meeting('MEETING_STARTED'), 'meeting-ended': meeting('MEETING_ENDED') },
  start: (ctx) => {
    ctx.store.transaction(() => {
      seedAccounts(ctx)
      if (hooks(ctx).length === 0) ctx.store.next('calcom.webhook')
      keepHook(ctx, {
        id: ownHookId,
        userId: keyOwner(ctx).id,
        subscriberUrl: `${ctx.appUrl}/functions/v1/calcom-webhook`,
        active: true,
        triggers,
        payloadTemplate: '',
        secret: ctx.keys['CALCOM_WEBHOOK_SECRET'] ?? '',
      })
    })
    for (const one of hooks(ctx)) rememberSecret(ctx, one)
  },
}
