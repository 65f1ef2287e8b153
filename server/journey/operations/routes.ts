// Operations: what waits for a person, a few counts, and purchases with everything known of them.
import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { isId } from '../../lib/ids.ts'
import { notFound } from '../../lib/errors.ts'
import { answers, idParam, jsonBody, requireOperator, route, router } from '../request.ts'
import { findPurchases, foundPurchases } from './find-purchases.ts'
import { purchaseFile, readPurchaseFile } from './read-purchase.ts'
import { resolveTask } from './resolve-task.ts'

const overview = z
  .object({
    tasks: z.array(
      z.object({
        id: z.uuid(),
        kind: z.string(),
        sentence: z.string(),
        createdAt: z.iso.datetime(),
        bookingId: z.uuid().nullable(),
        purchaseId: z.uuid().nullable(),
        /** A report ended this session, and what becomes of it is to be decided. */
        hasEndedSession: z.boolean(),
        /** Whom to ask, where the task is about a session. */
        session: z
          .object({
            memberName: z.string(),
            memberNumber: z.string(),
            hostName: z.string(),
            hostNumber: z.string().nullable(),
            start: z.iso.datetime().nullable(),
          })
          .nullable(),
      }),
    ),
    counts: z.object({
      membersTotal: z.int(),
      hostsActive: z.int(),
      purchasesPaid: z.int(),
      bookingsLive: z.int(),
      messagesWaiting: z.int(),
      jobsFailed: z.int(),
    }),
  })
  .openapi('Operations')

export const operatorRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/ops',
      summary: 'What waits for an operator',
      responses: answers(overview, 'Open tasks and counts'),
    }),
    async (c) => {
      requireOperator(c)
      const { db } = c.get('ctx')
      const tasks = await db
        .selectFrom('operatorTasks')
        .leftJoin('bookings', 'bookings.id', 'operatorTasks.bookingId')
        .leftJoin('members', 'members.id', 'bookings.memberId')
        .leftJoin('hosts', 'hosts.id', 'bookings.hostId')
        .selectAll('operatorTasks')
        .select([
          'bookings.startAt',
          'bookings.state as bookingState',
          'bookings.outcome as bookingOutcome',
          'members.fullName as memberName',
          'members.mobileNumber as memberNumber',
          'hosts.fullName as hostName',
          'hosts.mobileNumber as hostNumber',
          'bookings.purchaseId as bookedPurchaseId',
        ])
        .where('operatorTasks.resolvedAt', 'is', null)
        .orderBy('operatorTasks.createdAt')
        .limit(200)
        .execute()
      const { rows } = await sql<z.infer<typeof overview>['counts']>`
        select (select count(*) from members) as members_total,
          (select count(*) from hosts where status = 'Active') as hosts_active,
          (select count(*) from purchases where status = 'paid') as purchases_paid,
          (select count(*) from bookings where state = 'created') as bookings_live,
          (select count(*) from messages where status = 'waiting') as messages_waiting,
          (select count(*) from pgboss.job where state = 'failed') as jobs_failed`.execute(db)
      return c.json(
        {
          tasks: tasks.map((task) => ({
            id: task.id,
            kind: task.kind,
            sentence: task.sentence,
            createdAt: task.createdAt.toISOString(),
            bookingId: task.bookingId,
            purchaseId: task.purchaseId ?? task.bookedPurchaseId,
            hasEndedSession:
              task.kind === 'report' && task.bookingState === 'created' && task.bookingOutcome === 'unknown',
            session:
              task.memberName !== null && task.memberNumber !== null && task.hostName !== null
                ? {
                    memberName: task.memberName,
                    memberNumber: task.memberNumber,
                    hostName: task.hostName,
                    hostNumber: task.hostNumber,
                    start: task.startAt?.toISOString() ?? null,
                  }
                : null,
          })),
          counts: rows[0]!,
        },
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/ops/tasks/{id}/resolve',
      summary: 'Resolve a task',
      request: {
        params: idParam,
        body: jsonBody(
          z
            .object({
              decision: z
                .enum([
                  'held',
                  'member_absent',
                  'host_absent',
                  'decided_for_host',
                  'decided_for_member',
                  'try_again',
                ])
                .optional(),
              note: z.string().trim().max(2000).default(''),
            })
            .strict(),
        ),
      },
      responses: answers(z.object({ isSaved: z.literal(true) }), 'Resolved'),
    }),
    async (c) => {
      requireOperator(c)
      const { id } = c.req.valid('param')
      if (!isId(id)) throw notFound('task')
      await resolveTask(c.get('ctx'), id, c.req.valid('json'))
      return c.json({ isSaved: true as const }, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/ops/purchases',
      summary: 'Paid purchases, by who paid or by a number',
      request: { query: z.object({ q: z.string().max(200).default('') }) },
      responses: answers(foundPurchases, 'The newest that fit'),
    }),
    async (c) => {
      requireOperator(c)
      return c.json(await findPurchases(c.get('ctx').db, c.req.valid('query').q), 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/ops/purchases/{id}',
      summary: 'Everything known of a purchase',
      request: { params: idParam },
      responses: answers(purchaseFile, 'The purchase'),
    }),
    async (c) => {
      requireOperator(c)
      return c.json(await readPurchaseFile(c.get('ctx').db, c.req.valid('param').id), 200)
    },
  )
