// What waits for an operator, and purchases with everything known of them.
import { z } from '@hono/zod-openapi'
import { answers, idParams, jsonBody, requireOperator, route, router, writtenText } from '../request.ts'
import { saved, savedView } from '../members/saved-view.ts'
import { recordOtherPayment } from '../payouts/record-other-payment.ts'
import { findPurchases } from './find-purchases.ts'
import { foundPurchasesView } from './found-purchases-view.ts'
import { operationsView } from './operations-view.ts'
import { purchaseFileView } from './purchase-file-view.ts'
import { readOperations } from './read-operations.ts'
import { blocksView } from './blocks-view.ts'
import { liftBlock } from './lift-block.ts'
import { readBlocks } from './read-blocks.ts'
import { readPurchaseFile } from './read-purchase-file.ts'
import { resolveTask } from './resolve-task.ts'
import { reinstateMember, suspendMember } from './suspend-member.ts'
import { decisions } from './task.ts'

const resolution = z
  .object({ decision: z.enum(decisions).optional(), note: writtenText().trim().max(2000).default('') })
  .strict()

const because = z.object({ reason: writtenText().trim().min(3, 'must say why').max(500) }).strict()
const otherPayment = z
  .object({
    reference: writtenText().trim().min(3, 'please give the reference of the payment').max(200),
    paidOn: z.iso.date({ error: 'must be a day like 2027-03-01' }),
  })
  .strict()
const lifting = z
  .object({ reason: writtenText().trim().min(1, 'please say why they may meet again').max(2000) })
  .strict()

export const operatorRoutes = router()
  .openapi(
    route({
      method: 'get',
      path: '/api/ops/blocks',
      access: 'operator',
      summary: 'Who is kept apart, and who was',
      responses: answers(blocksView.openapi('Blocks'), 'Blocks that hold, then lifted ones'),
    }),
    async (c) => {
      requireOperator(c)
      return c.json(await readBlocks(c.get('ctx').db), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/ops/blocks/{id}/lift',
      access: 'operator',
      summary: 'Let two people meet again',
      request: { params: idParams({ id: 'block' }), body: jsonBody(lifting) },
      responses: answers(savedView, 'Lifted'),
    }),
    async (c) => {
      const by = requireOperator(c).mobileNumber
      await liftBlock(c.get('ctx'), c.req.valid('param').id, { by, ...c.req.valid('json') })
      return c.json(saved, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/ops',
      access: 'operator',
      summary: 'What waits for an operator',
      responses: answers(operationsView.openapi('Operations'), 'Open tasks and counts'),
    }),
    async (c) => {
      requireOperator(c)
      return c.json(await readOperations(c.get('ctx').db), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/ops/tasks/{id}/resolve',
      access: 'operator',
      summary: 'Resolve a task',
      request: {
        params: idParams({ id: 'task' }),
        body: jsonBody(resolution),
      },
      responses: answers(savedView, 'Resolved'),
    }),
    async (c) => {
      requireOperator(c)
      await resolveTask(c.get('ctx'), c.req.valid('param').id, c.req.valid('json'))
      return c.json(saved, 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/ops/purchases',
      access: 'operator',
      summary: 'Paid purchases, by who paid or by a number',
      request: { query: z.object({ q: z.string().max(200).default('') }) },
      responses: answers(foundPurchasesView.openapi('FoundPurchases'), 'The newest that fit'),
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
      access: 'operator',
      summary: 'Everything known of a purchase',
      request: { params: idParams({ id: 'purchase' }) },
      responses: answers(purchaseFileView.openapi('PurchaseFile'), 'The purchase'),
    }),
    async (c) => {
      requireOperator(c)
      return c.json(await readPurchaseFile(c.get('ctx').db, c.req.valid('param').id), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/ops/bookings/{id}/paid-otherwise',
      access: 'operator',
      summary: "Note that a host's share was paid outside Stripe",
      request: { params: idParams({ id: 'session' }), body: jsonBody(otherPayment) },
      responses: answers(savedView, 'Noted'),
    }),
    async (c) => {
      const operatorId = requireOperator(c).personId
      await recordOtherPayment(c.get('ctx'), c.req.valid('param').id, {
        ...c.req.valid('json'),
        operatorId,
      })
      return c.json(saved, 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/ops/members/{id}/suspend',
      access: 'operator',
      summary: 'Stop a member at every door',
      request: { params: idParams({ id: 'member' }), body: jsonBody(because) },
      responses: answers(savedView, 'Done'),
    }),
    async (c) => {
      const operatorId = requireOperator(c).personId
      const { reason } = c.req.valid('json')
      await suspendMember(c.get('ctx'), { memberId: c.req.valid('param').id, reason, operatorId })
      return c.json(saved, 200)
    },
  )

  .openapi(
    route({
      method: 'post',
      path: '/api/ops/members/{id}/reinstate',
      access: 'operator',
      summary: 'Let a suspended member in again',
      request: { params: idParams({ id: 'member' }), body: jsonBody(because) },
      responses: answers(savedView, 'Done'),
    }),
    async (c) => {
      const operatorId = requireOperator(c).personId
      const { reason } = c.req.valid('json')
      await reinstateMember(c.get('ctx'), { memberId: c.req.valid('param').id, reason, operatorId })
      return c.json(saved, 200)
    },
  )
