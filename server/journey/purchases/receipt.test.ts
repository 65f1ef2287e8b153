import { expect, test } from 'vitest'
import { gstIn, isTaxInvoice } from './receipt.ts'

const seller = { name: 'Presence', abn: '51824753556', isGstIncluded: true }

test('a price contains an eleventh of GST, to the cent', () => {
  expect(gstIn(1800, seller)).toBe(164)
  expect(gstIn(4000, seller)).toBe(364)
})

test('a receipt is a tax invoice only with both an ABN and GST', () => {
  expect(isTaxInvoice(seller)).toBe(true)
  expect(isTaxInvoice({ ...seller, abn: '' })).toBe(false)
  expect(isTaxInvoice({ ...seller, isGstIncluded: false })).toBe(false)
})

test('no GST is shown without an ABN or where prices exclude it', () => {
  expect(gstIn(1800, { ...seller, abn: '' })).toBe(0)
  expect(gstIn(1800, { ...seller, isGstIncluded: false })).toBe(0)
})
