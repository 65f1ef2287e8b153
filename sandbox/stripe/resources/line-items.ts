// Line items with inline prices; the sandbox keeps no catalogue.
import type { SandboxContext } from '../../core/provider.ts'
import { unset } from '../wire/documents.ts'
import { newId } from '../wire/ids.ts'
import { metadata, type Metadata } from '../wire/metadata.ts'
import { page, type List, type pageParams } from '../wire/pagination.ts'
import {
  boolean,
  currency,
  ignored,
  integer,
  list,
  object,
  oneOf,
  required,
  text,
  type Values,
} from '../wire/params.ts'
import { missingParam, notCovered, noSuch } from '../wire/refusal.ts'

const maxCents = 99_999_999
const productKind = 'stripe.inline_product'
export const lineItemParams = {
  price: text,
  quantity: integer(1, 999_999),
  metadata,
  adjustable_quantity: object({ enabled: boolean, minimum: integer(), maximum: integer() }),
  price_data: object({
    currency: required(currency),
    unit_amount: integer(0, maxCents),
    unit_amount_decimal: text,
    tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
    product: text,
    product_data: object({
      name: required(text),
      description: text,
      images: list(text),
      metadata,
      tax_code: text,
      unit_label: text,
    }),
    recurring: ignored,
  }),
}
export type LineItem = ReturnType<typeof newLineItem>

/** Makes one line item; `index` names it in refusals. */
export function newLineItem(ctx: SandboxContext, params: Values<typeof lineItemParams>, index: number) {
  const at = `line_items[${index}]`
  const { price_data: price, quantity } = params
  if (params.price) throw noSuch('price', params.price, `${at}[price]`)
  if (!price) throw missingParam(`${at}[price_data]`)
  if (price.recurring) throw notCovered('recurring prices', `${at}[price_data][recurring]`)
  if (price.product) throw noSuch('product', price.product, `${at}[price_data][product]`)
  if (!price.product_data) throw missingParam(`${at}[price_data][product_data]`)
  if (quantity === undefined) throw missingParam(`${at}[quantity]`)
  if (params.adjustable_quantity?.enabled)
    throw notCovered('adjustable quantities', `${at}[adjustable_quantity]`)
  const unitAmount = price.unit_amount ?? Number(price.unit_amount_decimal ?? Number.NaN)
  if (!Number.isInteger(unitAmount)) throw missingParam(`${at}[price_data][unit_amount]`)
  const total = unitAmount * quantity
  const product = newId('prod', 14)
  ctx.store.put(productKind, product, { description: price.product_data.description ?? null })
  return {
    id: newId('li'),
    object: 'item' as const,
    adjustable_quantity: unset<never>(),
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency: price.currency,
    description: price.product_data.name as string | null,
    metadata: (params.metadata ?? {}) as Metadata,
    price: {
      id: newId('price'),
      object: 'price' as const,
      active: false,
      billing_scheme: 'per_unit',
      created: ctx.clock.seconds(),
      currency: price.currency,
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product,
      recurring: null,
      tax_behavior: price.tax_behavior ?? 'unspecified',
      tiers_mode: null,
      transform_quantity: null,
      type: 'one_time',
      unit_amount: unitAmount,
      unit_amount_decimal: String(unitAmount),
    },
    quantity: quantity as number | null,
  }
}

/** The description of an inline price's product; only the checkout page shows it. */
export const productDescription = (ctx: SandboxContext, item: LineItem) =>
  ctx.store.get<{ description: string | null }>(productKind, item.price.product)?.description ?? null

const kind = 'stripe.line_items'
export const keepLineItems = (ctx: SandboxContext, sessionId: string, items: LineItem[]) =>
  ctx.store.put(kind, sessionId, items)

/** In the order they were given, unlike other lists. */
export function lineItemsOf(
  ctx: SandboxContext,
  sessionId: string,
  params: Values<typeof pageParams>,
): List<LineItem> {
  const items = ctx.store.get<LineItem[]>(kind, sessionId) ?? []
  return page(items.toReversed(), `/v1/checkout/sessions/${sessionId}/line_items`, params)
}
