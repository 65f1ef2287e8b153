// Starting a checkout, and asking how a purchase stands.
import { z } from '@hono/zod-openapi'
import { isId } from '../../lib/ids.ts'
import { notFound } from '../../lib/errors.ts'
import { answers, idParam, jsonBody, requireMember, route, router } from '../request.ts'
import { gstIn } from './receipt.ts'
import { startCheckout } from './start-checkout.ts'
import { readTerms } from './terms.ts'

const wanted = z
  .object({
    plan: z.enum(['Adhoc', 'Weekly'], { error: 'must be Adhoc or Weekly' }),
    hostId: z.string().max(64),
  })
  .strict()

const purchaseView = z
  .object({
    id: z.uuid(),
    status: z.enum(['open', 'paid', 'failed', 'expired', 'refunded']),
    plan: z.enum(['Adhoc', 'Weekly']),
    hostId: z.uuid(),
    amountCents: z.int(),
    currency: z.literal('AUD'),
    bookingIds: z.array(z.uuid()),
    validUntil: z.iso.datetime().nullable(),
  })
  .openapi('Purchase')

const receiptView = z
  .object({
    number: z.string(),
    isTaxInvoice: z.boolean(),
    seller: z.object({ name: z.string(), abn: z.string().nullable() }),
    memberName: z.string(),
    description: z.string(),
    paidAt: z.iso.datetime(),
    amountCents: z.int(),
    gstCents: z.int(),
    refundedCents: z.int(),
    currency: z.literal('AUD'),
    receiptUrl: z.string().nullable(),
  })
  .openapi('Receipt')

export const purchaseRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/checkout',
      summary: 'Start paying for a plan',
      request: { body: jsonBody(wanted) },
      responses: answers(
        z.object({ purchaseId: z.uuid(), clientSecret: z.string() }),
        'The checkout for the payment modal',
      ),
    }),
    async (c) => {
      const member = requireMember(c)
      const { plan, hostId } = c.req.valid('json')
      if (!isId(hostId)) throw notFound('host')
      return c.json(await startCheckout(c.get('ctx'), { memberId: member.id, hostId, plan }), 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/purchases/{id}',
      summary: 'How a purchase stands',
      request: { params: idParam },
      responses: answers(purchaseView, 'The purchase'),
    }),
    async (c) => {
      const member = requireMember(c)
      const { id } = c.req.valid('param')
      const { db } = c.get('ctx')
      const purchase = isId(id)
        ? await db
            .selectFrom('purchases')
            .selectAll()
            .where('id', '=', id)
            .where('memberId', '=', member.id)
            .executeTakeFirst()
        : undefined
      if (!purchase) throw notFound('purchase')
      const bookings = await db
        .selectFrom('bookings')
        .select(['id', 'validUntil'])
        .where('purchaseId', '=', id)
        .orderBy('position')
        .execute()
      return c.json(
        {
          id: purchase.id,
          status: purchase.status,
          plan: purchase.plan,
          hostId: purchase.hostId,
          amountCents: purchase.amountCents,
          currency: purchase.currency,
          bookingIds: bookings.map((booking) => booking.id),
          validUntil: bookings[0]?.validUntil.toISOString() ?? null,
        },
        200,
      )
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/purchases/{id}/receipt',
      summary: 'The receipt, a tax invoice where the seller has an ABN',
      request: { params: idParam },
      responses: answers(receiptView, 'The receipt'),
    }),
    async (c) => {
      const member = requireMember(c)
      const { id } = c.req.valid('param')
      const { db, config } = c.get('ctx')
      const purchase = isId(id)
        ? await db
            .selectFrom('purchases')
            .selectAll()
            .where('id', '=', id)
            .where('memberId', '=', member.id)
            .executeTakeFirst()
        : undefined
      if (!purchase?.paidAt) throw notFound('receipt')
      const terms = readTerms(purchase.terms)
      const bookings = await db
        .selectFrom('bookings')
        .select('refundedCents')
        .where('purchaseId', '=', id)
        .execute()
      const { seller } = config
      return c.json(
        {
          number: purchase.id.slice(-12).toUpperCase(),
          isTaxInvoice: seller.abn !== '',
          seller: { name: seller.name, abn: seller.abn || null },
          memberName: member.fullName,
          description: `${terms.plan}: ${terms.sessions === 1 ? '1 session' : `${terms.sessions} sessions`} of ${terms.sessionMinutes} minutes on video`,
          paidAt: purchase.paidAt.toISOString(),
          amountCents: purchase.amountCents,
          gstCents: gstIn(purchase.amountCents, seller),
          refundedCents: bookings.reduce((sum, booking) => sum + booking.refundedCents, 0),
          currency: purchase.currency,
          receiptUrl: purchase.receiptUrl,
        },
        200,
      )
    },
  )
