// Reporting and blocking, from wherever the two people of a session are: signed in, or by the link of an SMS.
import { z } from '@hono/zod-openapi'
import { findLinked } from '../bookings/open-link.ts'
import {
  done,
  idParams,
  jsonBody,
  participant,
  type Proof,
  requireHost,
  requireMember,
  requireSignedIn,
  route,
  router,
  saved,
  writtenText,
} from '../request.ts'
import { blockPerson } from './block-person.ts'
import { findOwnBooking } from './find-own-booking.ts'
import { reportSession } from './report-session.ts'

const params = idParams({ id: 'session' })
const linkParams = z.object({ token: z.string().min(1).max(100) })
/** A session can be reported by its link for as long as it is kept. */
const byKeptLink: Proof = {
  by: 'link',
  check: (c) => findLinked(c.get('ctx'), c.req.param('token') ?? ''),
}
const report = z
  .object({
    text: writtenText().trim().min(1, 'please say what happened').max(4000),
    endsSession: z.boolean().default(false),
  })
  .strict()

export const reportRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/report',
      access: 'participant',
      summary: 'Report the other person of a session, which keeps the two apart',
      request: { params, body: jsonBody(report) },
      responses: saved,
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking, role } = await findOwnBooking(
        ctx,
        participant(requireSignedIn(c)),
        c.req.valid('param').id,
      )
      await reportSession(ctx, { bookingId: booking.id, role }, c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/block',
      access: 'participant',
      summary: 'Never meet the other person of a session again',
      request: { params },
      responses: done,
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking, role } = await findOwnBooking(
        ctx,
        participant(requireSignedIn(c)),
        c.req.valid('param').id,
      )
      await blockPerson(ctx, { hostId: booking.hostId, memberId: booking.memberId }, role)
      return c.json({ isDone: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/hosts/{id}/block',
      access: 'member',
      summary: 'Never see a host again',
      request: { params: idParams({ id: 'host' }) },
      responses: done,
    }),
    async (c) => {
      const pair = { hostId: c.req.valid('param').id, memberId: requireMember(c).id }
      await blockPerson(c.get('ctx'), pair, 'member')
      return c.json({ isDone: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/members/{id}/block',
      access: 'host',
      summary: 'Never meet a member again',
      request: { params: idParams({ id: 'member' }) },
      responses: done,
    }),
    async (c) => {
      const pair = { hostId: requireHost(c).id, memberId: c.req.valid('param').id }
      await blockPerson(c.get('ctx'), pair, 'host')
      return c.json({ isDone: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/manage/{token}/report',
      access: byKeptLink,
      summary: 'Report the other person of a session, by the link of an SMS',
      request: { params: linkParams, body: jsonBody(report) },
      responses: saved,
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking, role } = await findLinked(ctx, c.req.valid('param').token)
      await reportSession(ctx, { bookingId: booking.id, role }, c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/manage/{token}/block',
      access: byKeptLink,
      summary: 'Never meet the other person again, by the link of an SMS',
      request: { params: linkParams },
      responses: done,
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { booking, role } = await findLinked(ctx, c.req.valid('param').token)
      await blockPerson(ctx, { hostId: booking.hostId, memberId: booking.memberId }, role)
      return c.json({ isDone: true as const }, 200)
    },
  )
