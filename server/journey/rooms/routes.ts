// Around and inside the room: prompts, joining, presence, leaving, the end, reflection and reports.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { roomOpensAt } from '../bookings/room-window.ts'
import { readBooking } from '../bookings/read-bookings.ts'
import {
  answers,
  idParam,
  jsonBody,
  participant,
  requireMember,
  requireSignedIn,
  route,
  router,
} from '../request.ts'
import { recordVisit } from './record-visit.ts'
import { sendSignals } from './send-signals.ts'
import { createRoom } from './create-room.ts'
import { joinRoom, roleOf } from './join-room.ts'
import { completeSession, leaveRoom, recordedLeaveAt, saveReflection } from './leave-room.ts'
import { reportSession } from './report-session.ts'

const saved = answers(z.object({ isSaved: z.literal(true) }), 'Saved')

function bookingId(id: string): string {
  if (!isId(id)) throw notFound('session')
  return id
}

const joining = z
  .object({
    /**
     * Where the room is, for its frame; null where the page itself is the room, and then there is a visit.
     */
    url: z.string().nullable(),
    visit: z
      .object({
        id: z.uuid(),
        iceServers: z.array(
          z.object({
            urls: z.array(z.string()),
            username: z.string().optional(),
            credential: z.string().optional(),
          }),
        ),
        isRelayOnly: z.boolean(),
      })
      .nullable(),
    role: z.enum(['member', 'host']),
    displayName: z.string(),
    otherName: z.string(),
    start: z.iso.datetime(),
    end: z.iso.datetime(),
    roomClosesAt: z.iso.datetime(),
  })
  .openapi('Joining')

// In a room of ours posts and the live updates are enough: any process serves anybody, and who lost the line
// loses nothing.
const inPath = (name: string) =>
  z
    .string()
    .min(1)
    .max(64)
    .openapi({ param: { name, in: 'path' } })
const visitParams = z.object({ id: inPath('id'), visitId: inPath('visitId') })

function visitIds({ id, visitId }: { id: string; visitId: string }): [bookingId: string, visitId: string] {
  if (!isId(id) || !isId(visitId)) throw notFound('session')
  return [id, visitId]
}

const visit = z
  .object({
    state: z.enum(['in', 'left', 'replaced', 'closed']),
    other: z
      .object({ visitId: z.uuid(), state: z.enum(['in', 'lost', 'left']), cameFirst: z.boolean() })
      .nullable(),
    signals: z.array(z.object({ id: z.int(), from: z.uuid(), number: z.int(), body: z.unknown() })),
  })
  .openapi('Visit')

const largestSignal = 30_000

export const roomRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/join',
      summary: 'Enter the room',
      request: { params: idParam },
      responses: answers(joining, 'Where to go'),
    }),
    async (c) =>
      c.json(
        await joinRoom(c.get('ctx'), participant(requireSignedIn(c)), bookingId(c.req.valid('param').id)),
        200,
      ),
  )
  .openapi(
    route({
      method: 'post',
      path: '/functions/v1/daily-create-room',
      summary: 'Make sure that the room is there',
      request: { body: jsonBody(z.object({ bookingId: z.string().max(64) }).strict()) },
      responses: answers(z.object({ roomStatus: z.literal('active') }), 'The room is there'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const who = participant(requireSignedIn(c))
      const id = bookingId(c.req.valid('json').bookingId)
      const booking = await ctx.db
        .selectFrom('bookings')
        .select(['memberId', 'hostId', 'attempt', 'startAt'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!booking || !roleOf(booking, who)) throw notFound('session')
      const room = await createRoom(ctx, id, booking.attempt, 'now')
      if (!room) {
        throw new Refusal('room_not_open', 'The room opens 15 minutes before the session starts.', {
          opensAt: booking.startAt ? roomOpensAt(booking.startAt).toISOString() : null,
        })
      }
      return c.json({ roomStatus: 'active' as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/bookings/{id}/presence',
      summary: 'Who is in the room',
      request: { params: idParam },
      responses: answers(
        z.object({
          hostIsIn: z.boolean(),
          memberIsIn: z.boolean(),
          hostJoinedAt: z.iso.datetime().nullable(),
          memberJoinedAt: z.iso.datetime().nullable(),
          /**
           * When the one who asks may leave with the other's absence recorded; null once the other has been
           * there.
           */
          mayLeaveAt: z.iso.datetime().nullable(),
        }),
        'Who is in the room',
      ),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const who = requireSignedIn(c)
      const booking = await readBooking(ctx.db, participant(who), bookingId(c.req.valid('param').id))
      const role = booking.host.id === participant(who).hostId ? 'host' : 'member'
      const mayLeaveAt = await recordedLeaveAt(
        ctx,
        { ...booking, startAt: booking.start ? new Date(booking.start) : null },
        role,
      )
      const inside = await ctx.db
        .selectFrom('attendance')
        .select('role')
        .where('bookingId', '=', booking.id)
        .where('attempt', '=', booking.attempt)
        .where('leftAt', 'is', null)
        .execute()
      return c.json(
        {
          hostIsIn: inside.some((stay) => stay.role === 'host'),
          memberIsIn: inside.some((stay) => stay.role === 'member'),
          hostJoinedAt: booking.hostJoinedAt,
          memberJoinedAt: booking.memberJoinedAt,
          mayLeaveAt: mayLeaveAt?.toISOString() ?? null,
        },
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/leave',
      summary: 'I have left',
      request: { params: idParam },
      responses: saved,
    }),
    async (c) => {
      await leaveRoom(c.get('ctx'), participant(requireSignedIn(c)), bookingId(c.req.valid('param').id))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/complete',
      summary: 'We are done',
      request: { params: idParam },
      responses: saved,
    }),
    async (c) => {
      await completeSession(c.get('ctx'), participant(requireSignedIn(c)), bookingId(c.req.valid('param').id))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/reflection',
      summary: 'Private words after a session',
      request: { params: idParam, body: jsonBody(z.object({ text: z.string().trim().max(2000) }).strict()) },
      responses: saved,
    }),
    async (c) => {
      await saveReflection(
        c.get('ctx'),
        requireMember(c).id,
        bookingId(c.req.valid('param').id),
        c.req.valid('json').text,
      )
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/report',
      summary: 'Report a problem',
      request: {
        params: idParam,
        body: jsonBody(
          z
            .object({
              text: z.string().trim().min(1, 'please say what happened').max(4000),
              endsSession: z.boolean().default(false),
            })
            .strict(),
        ),
      },
      responses: saved,
    }),
    async (c) => {
      await reportSession(
        c.get('ctx'),
        participant(requireSignedIn(c)),
        bookingId(c.req.valid('param').id),
        c.req.valid('json'),
      )
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/visits/{visitId}',
      summary: 'I am in the room, or leave it; what was I told?',
      request: {
        params: visitParams,
        body: jsonBody(
          z.object({ after: z.int().min(0).default(0), isLeaving: z.boolean().default(false) }).strict(),
        ),
      },
      responses: answers(visit, 'How the visit and the other one stand'),
    }),
    async (c) =>
      c.json(
        await recordVisit(
          c.get('ctx'),
          participant(requireSignedIn(c)),
          ...visitIds(c.req.valid('param')),
          c.req.valid('json'),
        ),
        200,
      ),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/visits/{visitId}/signals',
      summary: "Tell the other's browser",
      request: {
        params: visitParams,
        body: jsonBody(
          z
            .object({
              to: z.string().max(64),
              signals: z
                .array(z.object({ number: z.int().min(1), body: z.record(z.string(), z.unknown()) }).strict())
                .min(1)
                .max(50)
                .refine(
                  (signals) => signals.every(({ body }) => JSON.stringify(body).length <= largestSignal),
                  'too large',
                ),
            })
            .strict(),
        ),
      },
      responses: answers(z.object({ isSaved: z.literal(true) }), 'Stored'),
    }),
    async (c) => {
      const { to, signals } = c.req.valid('json')
      const [bookingId, visitId] = visitIds(c.req.valid('param'))
      if (!isId(to)) throw notFound('session')
      await sendSignals(c.get('ctx'), participant(requireSignedIn(c)), bookingId, visitId, to, signals)
      return c.json({ isSaved: true as const }, 200)
    },
  )
