// A member asks for the money of an unused session.
import { bookingView } from '../bookings/booking-view.ts'
import { readBooking } from '../bookings/read-bookings.ts'
import { answers, idParams, participant, requireMember, requireSignedIn, route, router } from '../request.ts'
import { requestRefund } from './refund-booking.ts'

export const refundRoutes = router().openapi(
  route({
    method: 'post',
    path: '/api/bookings/{id}/refund',
    summary: 'Refund an unused session',
    request: { params: idParams({ id: 'session' }) },
    responses: answers(bookingView, 'The session'),
  }),
  async (c) => {
    const ctx = c.get('ctx')
    const { id } = c.req.valid('param')
    const member = requireMember(c)
    await requestRefund(ctx, { memberId: member.id, bookingId: id, reason: 'Asked for by the member' })
    return c.json(await readBooking(ctx.db, participant(requireSignedIn(c)), id), 200)
  },
)
