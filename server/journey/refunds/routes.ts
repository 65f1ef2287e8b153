// Both ways to a refund: a member's of an unused session, and an operator's of any amount that is left.
import { z } from '@hono/zod-openapi'
import { bookingView } from '../bookings/booking-view.ts'
import { readBooking } from '../bookings/read-bookings.ts'
import {
  answers,
  idParams,
  jsonBody,
  requireMember,
  requireOperator,
  route,
  router,
  writtenText,
} from '../request.ts'
import { refundView } from './refund-view.ts'
import { refundBooking } from './refund-booking.ts'
import { refundPurchase } from './refund-purchase.ts'

const operatorRefund = z
  .object({
    amountCents: z.int().positive(),
    reason: writtenText().trim().min(3, 'must say why').max(500),
    bookingId: z.uuid().optional(),
    /** Dedupe key made by who asks: asking again after a lost answer is the same refund. */
    refundId: z.uuid().optional(),
  })
  .strict()

export const refundRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/bookings/{id}/refund',
      access: 'member',
      summary: 'Refund an unused session',
      request: { params: idParams({ id: 'session' }) },
      responses: answers(bookingView, 'The session'),
    }),
    async (c) => {
      const ctx = c.get('ctx')
      const { id } = c.req.valid('param')
      const member = requireMember(c)
      await refundBooking(ctx, { memberId: member.id, bookingId: id, reason: 'Asked for by the member' })
      return c.json(await readBooking(ctx.db, { memberId: member.id }, id), 200)
    },
  )
  .openapi(
    route({
      method: 'post',
      path: '/api/ops/purchases/{id}/refund',
      access: 'operator',
      summary: 'Give back any amount up to what is left',
      request: { params: idParams({ id: 'purchase' }), body: jsonBody(operatorRefund) },
      responses: answers(refundView, 'The refund'),
    }),
    async (c) => {
      const operator = requireOperator(c)
      const refunded = await refundPurchase(c.get('ctx'), {
        purchaseId: c.req.valid('param').id,
        ...c.req.valid('json'),
        requestedBy: operator.mobileNumber,
      })
      return c.json(refunded, 200)
    },
  )
