// What the API answers as the receipt of a purchase.
import { z } from 'zod'
import { currencies } from '../../lib/money.ts'

export const receiptView = z.object({
  number: z.string(),
  isTaxInvoice: z.boolean(),
  seller: z.object({ name: z.string(), abn: z.string().nullable() }),
  memberName: z.string(),
  description: z.string(),
  paidAt: z.iso.datetime(),
  amountCents: z.int(),
  gstCents: z.int(),
  refundedCents: z.int(),
  /** The GST in what was given back. */
  refundedGstCents: z.int(),
  currency: z.enum(currencies),
  receiptUrl: z.string().nullable(),
})
export type Receipt = z.infer<typeof receiptView>
