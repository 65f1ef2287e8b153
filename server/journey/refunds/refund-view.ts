// What the API answers where an operator has given money back.
import { z } from 'zod'

export const refundView = z.object({ refundId: z.uuid() })
export type Refund = z.infer<typeof refundView>
