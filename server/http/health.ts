// Liveness, readiness and a few metrics for a monitor.
import { createHash, timingSafeEqual } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import { type Context as HonoContext, Hono } from 'hono'
import { sql } from 'kysely'
import { Refusal } from '../lib/errors.ts'
import { problem } from './errors.ts'
import { guard, type Proof, type RequestEnv } from '../journey/request.ts'

/** With METRICS_TOKEN by that, without it from this machine alone; a proxy in front is another one. */
function mayReadMetrics(c: HonoContext<RequestEnv>): boolean {
  const { metricsToken, isProduction } = c.get('ctx').config
  if (metricsToken) return isSame(c.req.header('authorization') ?? '', `Bearer ${metricsToken}`)
  const address = getConnInfo(c).remote.address ?? ''
  const isDirect = c.req.header('x-forwarded-for') === undefined && c.req.header('forwarded') === undefined
  return !isProduction && isDirect && /^(::1|(::ffff:)?127\.)/.test(address)
}

const asMonitor: Proof = {
  by: 'key',
  check: (c) => {
    if (!mayReadMetrics(c)) throw new Refusal('not_found', 'There is nothing at this address.')
  },
}

/** Takes the same time wherever they differ. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(one!, other!)
}

export function healthRoutes(): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>()
  app.get('/healthz', guard('public'), (c) => c.json({ status: 'ok', name: 'presence' }))
  app.get('/readyz', guard('public'), async (c) => {
    try {
      await sql`select 1`.execute(c.get('ctx').db)
      return c.json({ status: 'ready' })
    } catch {
      return problem(c, 503, 'database_unreachable', 'The database does not answer.')
    }
  })
  app.get('/metrics', guard(asMonitor), async (c) => {
    const { rows } = await sql<{ name: string; value: number }>`
      select 'presence_bookings{state="' || state || '"}' as name, count(*) as value
        from bookings group by state
      union all select 'presence_messages{status="' || status || '"}', count(*) from messages group by status
      union all select 'presence_webhook_events_unhandled', count(*)
        from webhook_events where handled_at is null
      union all select 'presence_outgoing_calls_open', count(*) from outgoing_calls where finished_at is null
      union all select 'presence_record_changes_waiting', count(*) from record_changes
      union all select 'presence_operator_tasks_open', count(*)
        from operator_tasks where resolved_at is null
      union all select 'presence_jobs{state="' || state || '"}', count(*) from pgboss.job group by state
      order by 1`.execute(c.get('ctx').db)
    return c.text(rows.map((row) => `${row.name} ${row.value}`).join('\n') + '\n', 200, {
      'content-type': 'text/plain; version=0.0.4',
    })
  })
  return app
}
