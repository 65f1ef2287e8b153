// The pages' own types of the server's answers, held to the routes: what a route no longer answers does not
// compile.
import type { hc, InferResponseType } from 'hono/client'
import { expectTypeOf, it } from 'vitest'
import type { App } from '../../server/http/app.ts'
import type {
  JoinAnswer,
  ReceivedRatings,
  SessionRatings,
  VisitAnswer,
  Booking,
  Bookings,
  HostPage,
  Hours,
  Like,
  RoomPresence,
  Slots,
} from './api-types.ts'

type Client = ReturnType<typeof hc<App>>
type Api = Client['api']
type Answer<Endpoint> = InferResponseType<Endpoint, 200>

it('every page reads what its route answers', () => {
  expectTypeOf<Answer<Api['hosts']['$get']>>().toExtend<HostPage>()
  expectTypeOf<Answer<Api['hosts'][':id']['slots']['$get']>>().toExtend<Slots>()
  expectTypeOf<Answer<Api['bookings']['$get']>>().toExtend<Bookings>()
  expectTypeOf<Answer<Api['bookings'][':id']['$get']>>().toExtend<Booking>()
  expectTypeOf<Answer<Api['bookings'][':id']['presence']['$get']>>().toExtend<RoomPresence>()
  expectTypeOf<Answer<Api['bookings'][':id']['join']['$post']>>().toExtend<JoinAnswer>()
  expectTypeOf<Answer<Api['bookings'][':id']['visits'][':visitId']['$post']>>().toExtend<VisitAnswer>()
  expectTypeOf<Answer<Api['bookings'][':id']['rating']['$get']>>().toExtend<SessionRatings>()
  expectTypeOf<Answer<Api['ratings']['$get']>>().toExtend<ReceivedRatings>()
  expectTypeOf<Answer<Api['likes']['$get']>>().toExtend<{ likes: Like[] }>()
  expectTypeOf<Answer<Api['host']['hours']['$get']>>().toExtend<Hours>()
})
