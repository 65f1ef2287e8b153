// What a receipt says besides the price: who sold it, and the tax in it. In Australia a tax invoice needs the
// seller's name and ABN, the date, what was sold and the GST (A New Tax System (Goods and Services Tax) Act
// 1999, section 29-70).

export type Seller = { name: string; abn: string; isGstIncluded: boolean }

/** Whether a receipt may be called a tax invoice: the seller has an ABN, and there is GST in it. */
export function isTaxInvoice(seller: Seller): boolean {
  return seller.isGstIncluded && seller.abn !== ''
}

/**
 * GST is a tenth on top of the net price, so an eleventh of a price that includes it. Rounded half up to
 * cents.
 */
export function gstIn(amountCents: number, seller: Seller): number {
  return isTaxInvoice(seller) ? Math.floor((2 * amountCents + 11) / 22) : 0
}
