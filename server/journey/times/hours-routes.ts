// A host of the built-in calendar: hours, what they would offer, and calendars elsewhere that are in the way.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound } from '../../lib/errors.ts'
import { answers, idParam, jsonBody, requireHost, route, router } from '../request.ts'
import { overridesSchema, weeklySchema } from './calendar-rules.ts'
import { findPreview } from './find-preview.ts'
import { addCalendar, listCalendars, removeCalendar } from './pull-calendar.ts'
import { setHours } from './set-hours.ts'

const hours = z
  .object({
    timeZone: z.string().max(64),
    weekly: weeklySchema,
    dateOverrides: overridesSchema,
    minimumNoticeMinutes: z.int().min(0).max(43_200),
    bufferBeforeMinutes: z.int().min(0).max(240),
    bufferAfterMinutes: z.int().min(0).max(240),
    intervalMinutes: z.int().min(5).max(240).nullable(),
    horizonDays: z.int().min(1).max(365),
    maximumPerDay: z.int().min(1).max(144).nullable().optional(),
  })
  .openapi('Hours')
const shownHours = hours.extend({ calendar: z.enum(['calcom', 'builtin']) })

const calendars = z.object({
  calendars: z.array(
    z.object({
      id: z.uuid(),
      address: z.string(),
      readAt: z.iso.datetime().nullable(),
      problem: z.string().nullable(),
      busyAhead: z.int(),
    }),
  ),
})

export const hoursRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/host/hours',
      summary: "The host's own hours",
      responses: answers(shownHours, 'Hours'),
    }),
    async (c) => {
      const host = await c
        .get('ctx')
        .db.selectFrom('hosts')
        .selectAll()
        .where('id', '=', requireHost(c).id)
        .executeTakeFirstOrThrow()
      return c.json(
        {
          timeZone: host.timeZone,
          weekly: weeklySchema.parse(host.weeklyHours),
          dateOverrides: overridesSchema.parse(host.dateOverrides),
          minimumNoticeMinutes: host.minimumNoticeMinutes,
          bufferBeforeMinutes: host.bufferBeforeMinutes,
          bufferAfterMinutes: host.bufferAfterMinutes,
          intervalMinutes: host.intervalMinutes,
          horizonDays: host.horizonDays,
          maximumPerDay: host.maximumPerDay,
          calendar: host.calUsername ? ('calcom' as const) : ('builtin' as const),
        },
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'put',
      path: '/api/host/hours',
      summary: 'Change the hours of the built-in calendar',
      request: { body: jsonBody(hours) },
      responses: answers(z.object({ isSaved: z.literal(true) }), 'Saved'),
    }),
    async (c) => {
      await setHours(c.get('ctx'), requireHost(c).id, c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/hours/preview',
      summary: 'The starts that these hours would offer in the next days, saved or not',
      request: { body: jsonBody(hours) },
      responses: answers(z.object({ starts: z.array(z.iso.datetime()) }), 'Free starts in order'),
    }),
    async (c) =>
      c.json({ starts: await findPreview(c.get('ctx').db, requireHost(c).id, c.req.valid('json')) }, 200),
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/host/calendars',
      summary: 'Calendars that keep you from being booked',
      responses: answers(calendars, 'Calendars'),
    }),
    async (c) => c.json({ calendars: await listCalendars(c.get('ctx').db, requireHost(c).id) }, 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/calendars',
      summary: 'Connect a calendar by its address',
      request: {
        body: jsonBody(
          z
            .object({
              address: z.string().trim().min(1, 'please paste the address of your calendar').max(2_000),
            })
            .strict(),
        ),
      },
      responses: answers(calendars, 'Calendars'),
    }),
    async (c) => {
      const hostId = requireHost(c).id
      await addCalendar(c.get('ctx'), { hostId, address: c.req.valid('json').address })
      return c.json({ calendars: await listCalendars(c.get('ctx').db, hostId) }, 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/host/calendars/{id}',
      summary: 'Disconnect a calendar',
      request: { params: idParam },
      responses: answers(calendars, 'Calendars'),
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const hostId = requireHost(c).id
      if (!isId(id)) throw notFound('calendar')
      await removeCalendar(c.get('ctx'), { hostId, calendarId: id })
      return c.json({ calendars: await listCalendars(c.get('ctx').db, hostId) }, 200)
    },
  )
