// Calendars elsewhere that keep a host from being booked: listed, connected and disconnected.
import { z } from '@hono/zod-openapi'
import { answers, idParams, jsonBody, requireHost, route, router } from '../request.ts'
import { addCalendar, readCalendarNow, removeCalendar } from './add-calendar.ts'
import { calendarColors } from './calendar.ts'
import { importedCalendarsView } from './imported-calendars-view.ts'
import { listCalendars } from './list-calendars.ts'
import { updateCalendar } from './update-calendar.ts'

const changes = z
  .object({ name: z.string().max(40).optional(), color: z.enum(calendarColors).optional() })
  .strict()
  .refine((facts) => Object.keys(facts).length > 0, 'must change something')

const newCalendar = z
  .object({ address: z.string().trim().min(1, 'please paste the address of your calendar').max(2_000) })
  .strict()

export const importedCalendarRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/host/calendars',
      access: 'host',
      summary: 'Calendars that keep you from being booked',
      responses: answers(importedCalendarsView, 'Calendars'),
    }),
    async (c) => c.json({ calendars: await listCalendars(c.get('ctx').db, requireHost(c).id) }, 200),
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/calendars',
      access: 'host',
      summary: 'Connect a calendar by its address',
      request: { body: jsonBody(newCalendar) },
      responses: answers(importedCalendarsView, 'Calendars'),
    }),
    async (c) => {
      const hostId = requireHost(c).id
      await addCalendar(c.get('ctx'), { hostId, address: c.req.valid('json').address })
      return c.json({ calendars: await listCalendars(c.get('ctx').db, hostId) }, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/host/calendars/{id}/read',
      access: 'host',
      summary: 'Read a calendar again now',
      request: { params: idParams({ id: 'calendar' }) },
      responses: answers(importedCalendarsView, 'Calendars'),
    }),
    async (c) => {
      const hostId = requireHost(c).id
      await readCalendarNow(c.get('ctx'), { hostId, calendarId: c.req.valid('param').id })
      return c.json({ calendars: await listCalendars(c.get('ctx').db, hostId) }, 200)
    },
  )
  .openapi(
    route({
      method: 'patch',
      path: '/api/host/calendars/{id}',
      access: 'host',
      summary: 'Give a calendar a name and a colour',
      request: { params: idParams({ id: 'calendar' }), body: jsonBody(changes) },
      responses: answers(importedCalendarsView, 'Calendars'),
    }),
    async (c) => {
      const hostId = requireHost(c).id
      await updateCalendar(c.get('ctx'), {
        hostId,
        calendarId: c.req.valid('param').id,
        ...c.req.valid('json'),
      })
      return c.json({ calendars: await listCalendars(c.get('ctx').db, hostId) }, 200)
    },
  )
  .openapi(
    route({
      method: 'delete',
      path: '/api/host/calendars/{id}',
      access: 'host',
      summary: 'Disconnect a calendar',
      request: { params: idParams({ id: 'calendar' }) },
      responses: answers(importedCalendarsView, 'Calendars'),
    }),
    async (c) => {
      const hostId = requireHost(c).id
      await removeCalendar(c.get('ctx'), { hostId, calendarId: c.req.valid('param').id })
      return c.json({ calendars: await listCalendars(c.get('ctx').db, hostId) }, 200)
    },
  )
