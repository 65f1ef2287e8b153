// The movable clock (CLOCK=movable, never in production): the sandbox sets its offset and reads the next
// session.
import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { moveClock } from '../db/clock.ts'
import { Refusal } from '../lib/errors.ts'
import { clockOffsetMs, now } from '../lib/time.ts'
import { guard, invalidInput, type Proof, type RequestEnv } from '../journey/request.ts'

const newOffset = z.object({
  offsetMs: z
    .number()
    .int()
    .min(-3_650 * 86_400_000)
    .max(3_650 * 86_400_000),
})

function hasKey(authorization: string | undefined, key: string): boolean {
  const given = Buffer.from(authorization ?? '')
  const expected = Buffer.from(`Bearer ${key}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const byKey: Proof = {
  by: 'key',
  check: (c) => {
    if (!hasKey(c.req.header('authorization'), c.get('ctx').config.clock.key))
      throw new Refusal('not_signed_in', 'Moving the clock needs the key of this run.')
  },
}

export function clockRoutes(): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>()
  app.get('/clock', guard(byKey), async (c) => {
    const next = await c
      .get('ctx')
      .db.selectFrom('bookings')
      .select(['startAt', 'endAt'])
      .where('state', '=', 'created')
      .where('calendarStatus', '=', 'confirmed')
      .where('endAt', '>', now())
      .orderBy('startAt')
      .executeTakeFirst()
    return c.json({
      offsetMs: clockOffsetMs(),
      now: now().toISOString(),
      nextSessionStartAt: next?.startAt?.toISOString() ?? null,
      nextSessionEndAt: next?.endAt?.toISOString() ?? null,
    })
  })
  app.post('/clock', guard(byKey), async (c) => {
    const parsed = newOffset.safeParse(await c.req.json().catch(() => null))
    if (!parsed.success) throw invalidInput(parsed.error)
    await moveClock(c.get('ctx').db, parsed.data.offsetMs)
    return c.json({ offsetMs: clockOffsetMs(), now: now().toISOString() })
  })
  return app
}
