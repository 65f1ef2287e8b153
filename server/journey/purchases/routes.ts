// Starting a checkout, how a purchase stands, and its receipt.
import { z } from '@hono/zod-openapi'
import { planTypes } from '../plans/plan.ts'
import { answers, idOf, idParams, jsonBody, requireBuyer, requireMember, route, router } from '../request.ts'
import { checkoutView, purchaseView } from './purchase-view.ts'
import { readPurchase } from './read-purchase.ts'
import { readReceipt } from './read-receipt.ts'
import { receiptView } from './receipt-view.ts'
import { startCheckout } from './start-checkout.ts'

const chosenPlan = z
  .object({ plan: z.enum(planTypes, { error: 'must be Adhoc or Weekly' }), hostId: idOf('host') })
  .strict()

export const purchaseRoutes = router()
  .openapi(
    route({
      method: 'post',
      path: '/api/checkout',
      access: 'buyer',
      summary: 'Start paying for a plan',
      request: { body: jsonBody(chosenPlan) },
      responses: answers(checkoutView.openapi('Checkout'), 'The checkout for the payment modal'),
    }),
    async (c) => {
      const member = requireBuyer(c)
      return c.json(await startCheckout(c.get('ctx'), { memberId: member.id, ...c.req.valid('json') }), 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/purchases/{id}',
      access: 'member',
      summary: 'How a purchase stands',
      request: { params: idParams({ id: 'purchase' }) },
      responses: answers(purchaseView.openapi('Purchase'), 'The purchase'),
    }),
    async (c) => {
      const member = requireMember(c)
      return c.json(await readPurchase(c.get('ctx').db, member.id, c.req.valid('param').id), 200)
    },
  )
  .openapi(
    route({
      method: 'get',
      path: '/api/purchases/{id}/receipt',
      access: 'member',
      summary: 'The receipt, a tax invoice where the seller has an ABN and charges GST',
      request: { params: idParams({ id: 'receipt' }) },
      responses: answers(receiptView.openapi('Receipt'), 'The receipt'),
    }),
    async (c) => {
      const member = requireMember(c)
      const { db, config } = c.get('ctx')
      return c.json(await readReceipt(db, config.seller, member, c.req.valid('param').id), 200)
    },
  )
