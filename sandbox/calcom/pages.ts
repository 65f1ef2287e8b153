// What a host, or whoever has the booking's link, does inside Cal.com, for the console and tests: cancel, move, be busy.
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { Context } from 'hono'
import type { SandboxContext } from '../core/provider.ts'
import { accountNamed, ownKey, revokeKey } from './account.ts'
import { instant, isRecord, optionalText, Refusal } from './answers.ts'
import { knownBooking } from './book.ts'
import { bookingAnswer } from './booking.ts'
import { block } from './calendar.ts'
import { cancel, reschedule } from './change-booking.ts'

/** Who acts: the host, unless the request says `member` or `nobody`. */
function actor(ctx: SandboxContext, uid: string, by: unknown): string | undefined {
  const one = knownBooking(ctx, uid)
  return by === 'nobody' ? undefined : by === 'member' ? one.attendees[0].email : one.hosts[0].email
}

export function calcomPages(ctx: SandboxContext): Hono {
  const app = new Hono().basePath('/_sandbox/calcom')
  const act = async (c: Context, handle: (body: Record<string, unknown>) => unknown) => {
    try {
      const body: unknown = await c.req.json().catch(() => ({}))
      return c.json(ctx.store.transaction(() => handle(isRecord(body) ? body : {})) as object)
    } catch (error) {
      if (error instanceof Refusal) return c.json({ error: error.message }, error.status === 404 ? 404 : 400)
      throw error
    }
  }
  app.post('/bookings/:uid/cancel', (c) =>
    act(c, (body) => {
      const uid = c.req.param('uid')
      const by = actor(ctx, uid, body['by'])
      return bookingAnswer(
        cancel(ctx, uid, { by, reason: optionalText(body['reason'], 'reason') ?? 'Something came up.' }),
      )
    }),
  )
  app.post('/bookings/:uid/reschedule', (c) =>
    act(c, (body) => {
      const uid = c.req.param('uid')
      const by = actor(ctx, uid, body['by']) ?? null
      const terms = {
        startMs: instant(body['start'], 'start'),
        by,
        byKey: false,
        reason: optionalText(body['reason'], 'reason'),
      }
      return bookingAnswer(reschedule(ctx, uid, terms))
    }),
  )
  app.post('/users/:username/busy', (c) =>
    act(c, (body) => {
      const account = accountNamed(ctx, c.req.param('username'))
      if (!account) throw new Refusal(404, `User with username ${c.req.param('username')} not found`)
      const span = { startMs: instant(body['start'], 'start'), endMs: instant(body['end'], 'end') }
      if (span.endMs <= span.startMs) throw new Refusal(400, 'end must be after start')
      const id = `busy-${randomUUID()}`
      block(ctx, account.id, id, span)
      ctx.changed('calcom.calendar')
      return { id, username: account.username, ...span }
    }),
  )
  app.get('/users/:username/key', (c) => {
    const username = c.req.param('username')
    if (!accountNamed(ctx, username)) return c.json({ error: 'there is no such account' }, 404)
    return c.json({ key: ownKey(ctx, username) })
  })
  app.delete('/users/:username/key', (c) => {
    revokeKey(ctx, c.req.param('username'))
    return c.json({ isRevoked: true })
  })
  return app
}
