// The pages' own types of the server's answers, held to the routes: what a route no longer answers does not
// compile.
import type { hc, InferResponseType } from 'hono/client'
import { expectTypeOf, it } from 'vitest'
import type { App } from '../../server/http/app.ts'
import type { HelpPrompt, HostHome, OpsHome, Prompts, Purchase } from './api-types.ts'
import type { Earnings, FoundPurchase, PurchaseFile, Receipt } from './money-types.ts'

type Client = ReturnType<typeof hc<App>>
type Api = Client['api']
type Answer<Endpoint> = InferResponseType<Endpoint, 200>

it('every page reads what its route answers', () => {
  expectTypeOf<Answer<Api['bookings'][':id']['prompts']['$get']>>().toExtend<Prompts>()
  expectTypeOf<Answer<Api['purchases'][':id']['$get']>>().toExtend<Purchase>()
  expectTypeOf<Answer<Api['help']['$get']>>().toExtend<{ prompts: HelpPrompt[] }>()
  expectTypeOf<Answer<Api['host']['$get']>>().toExtend<HostHome>()
  expectTypeOf<Answer<Api['ops']['$get']>>().toExtend<OpsHome>()
  expectTypeOf<Answer<Api['host']['earnings']['$get']>>().toExtend<Earnings>()
  expectTypeOf<Answer<Api['ops']['purchases']['$get']>>().toExtend<{ purchases: FoundPurchase[] }>()
  expectTypeOf<Answer<Api['ops']['purchases'][':id']['$get']>>().toExtend<PurchaseFile>()
  expectTypeOf<Answer<Api['purchases'][':id']['receipt']['$get']>>().toExtend<Receipt>()
})
