// The control API under /_sandbox/: keys, journal, faults, clock, limits, phones, documents, live events.
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import type { Events } from './events.ts'
import { callFaults, deliveryFaults } from './faults.ts'
import type { Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import type { SandboxContext } from './provider.ts'
import { landmarks } from './time-travel.ts'
import type { TimeTravel } from './time-travel.ts'

const faultBody = z.strictObject({
  provider: z.enum(['stripe', 'twilio', 'calcom', 'daily', 'airtable']),
  operation: z.string().min(1).optional(),
  kind: z.enum([...callFaults, ...deliveryFaults]),
  times: z.int().positive().optional(),
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  delayMs: z.int().min(0).optional(),
  status: z.int().min(400).max(599).optional(),
  code: z.string().min(1).optional(),
  sentence: z.string().optional(),
  untilMs: z.number().optional(),
})
const clockBody = z.union([
  z.strictObject({ offsetMs: z.number() }),
  z.strictObject({ advanceMs: z.number() }),
  z.strictObject({ to: z.enum(landmarks) }),
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
])

type TwilioMessage = {
  sid: string
  to: string
  from: string
  body: string
  status: string
  createdAt: number
  sentAt?: number | null
}

export type Controls = {
  ctx: SandboxContext
  journal: Journal
  faults: Faults
  travel: TimeTravel
  events: Events
}

export function controlRoutes({ ctx, journal, faults, travel, events }: Controls): Hono {
  const app = new Hono().basePath('/_sandbox')
  app.get('/keys', (c) => c.json(ctx.keys))
  app.get('/journal', (c) => c.json({ entries: journal.since(Number(c.req.query('since') ?? 0) || 0) }))

  app.get('/faults', (c) => c.json({ faults: faults.list() }))
  app.post('/faults', async (c) => {
    const body = faultBody.safeParse(await jsonOf(c.req.raw))
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400)
    const fault = faults.add(body.data)
    ctx.changed('faults')
    return c.json(fault, 201)
  })
  app.delete('/faults/:id?', (c) => {
    const removed = faults.remove(c.req.param('id') ?? c.req.query('id'))
    ctx.changed('faults')
    return c.json({ removed })
  })

  const clock = () => ({ offsetMs: ctx.clock.offsetMs(), now: new Date(ctx.clock.now()).toISOString() })
  app.get('/clock', (c) => c.json(clock()))
  app.post('/clock', async (c) => {
    const body = clockBody.safeParse(await jsonOf(c.req.raw))
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400)
    const target = body.data
    if ('offsetMs' in target) return c.json(await travel.setOffset(target.offsetMs))
    if ('advanceMs' in target) return c.json(await travel.setOffset(ctx.clock.offsetMs() + target.advanceMs))
    const landmark = landmarks.find((one) => one === target.to)
    if (!landmark) return c.json(await travel.setOffset(Date.parse(target.to) - Date.now()))
    const moved = await travel.goTo(landmark)
    return moved ? c.json(moved) : c.json({ error: 'The application knows no session ahead.' }, 409)
  })
  app.get('/next-session', async (c) => {
    const session = await travel.nextSession()
    const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
    return c.json({ startAt: iso(session?.startAt), endAt: iso(session?.endAt) })
  })

  app.get('/limits', (c) => c.json({ on: ctx.limitsOn() }))
  app.post('/limits', async (c) => {
    const body = z.strictObject({ on: z.boolean() }).safeParse(await jsonOf(c.req.raw))
    if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400)
    ctx.store.put('core.limits', 'limits', body.data)
    ctx.changed('limits')
    return c.json(body.data)
  })

  app.get('/messages', (c) => {
    // A plus sign that was not encoded arrives as a space.
    const to = c.req.query('to')?.replace(/^ /, '+')
    const messages = to
      ? ctx.store.find<TwilioMessage>('twilio.message', '$.to', to)
      : ctx.store.list<TwilioMessage>('twilio.message')
    return c.json({
      messages: messages.map(({ sid, to, from, body, status, createdAt, sentAt }) => ({
        sid,
        to,
        from,
        body,
        status,
        sentAt: new Date(sentAt ?? createdAt).toISOString(),
      })),
    })
  })
  // Documents by kind, for the console: the newest `limit` of each kind that begins with `prefix`.
  app.get('/documents', (c) => {
    const limit = Number(c.req.query('limit') ?? 500)
    const kinds = ctx.store.kinds(c.req.query('prefix') ?? '').filter((kind) => kind !== 'core.keys')
    return c.json(Object.fromEntries(kinds.map((kind) => [kind, ctx.store.list(kind).slice(-limit)])))
  })

  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      const send = (topics: string[]) =>
        void stream.writeSSE({ event: 'changed', data: JSON.stringify(topics) })
      const stop = events.listen(send)
      send(['hello'])
      const beat = setInterval(() => void stream.writeSSE({ event: 'beat', data: '' }), 15_000)
      await new Promise<void>((resolve) => stream.onAbort(resolve))
      clearInterval(beat)
      stop()
    }),
  )
  return app
}

async function jsonOf(request: Request): Promise<unknown> {
  return request.json().catch(() => undefined)
}
