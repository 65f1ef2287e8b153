// What the API answers about a host's account at Stripe.
import { z } from 'zod'

/** Where to go: a page of Stripe's, for one visit. */
export const stripePageView = z.object({ url: z.string() })
export type StripePage = z.infer<typeof stripePageView>

export const canBePaidView = z.object({ canBePaid: z.boolean() })
export type CanBePaid = z.infer<typeof canBePaidView>
