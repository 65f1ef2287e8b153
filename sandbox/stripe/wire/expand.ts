// `expand[]=latest_charge.balance_transaction`: ids become objects, at most four deep.
import type { SandboxContext } from '../../core/provider.ts'
import { findById } from './documents.ts'
import { included, type List } from './pagination.ts'
import { lineItemsOf } from '../resources/line-items.ts'
import { invalid } from './refusal.ts'

type Fields = Record<string, unknown>

/** Properties that hold an id and can be expanded, by the object that has them. */
const expandable: Record<string, string[]> = {
  balance_transaction: ['source'],
  charge: [
    'balance_transaction',
    'customer',
    'payment_intent',
    'failure_balance_transaction',
    'application',
    'application_fee',
    'on_behalf_of',
    'review',
    'source_transfer',
  ],
  'checkout.session': [
    'customer',
    'payment_intent',
    'payment_link',
    'setup_intent',
    'subscription',
    'invoice',
  ],
  customer: ['default_source', 'test_clock'],
  dispute: ['charge', 'payment_intent'],
  payment_intent: [
    'customer',
    'latest_charge',
    'payment_method',
    'application',
    'on_behalf_of',
    'review',
    'payment_record',
  ],
  refund: [
    'balance_transaction',
    'charge',
    'payment_intent',
    'customer',
    'payment_method',
    'source_transfer_reversal',
    'transfer_reversal',
    'failure_balance_transaction',
  ],
  transfer: ['balance_transaction', 'destination', 'source_transaction'],
  transfer_reversal: ['balance_transaction', 'transfer', 'destination_payment_refund', 'source_refund'],
}

/** Lists that are left out unless they are asked for. */
const includable: Record<string, (ctx: SandboxContext, id: string) => List<unknown>> = {
  'charge.refunds': (ctx, id) => included(ctx, id, 'refund', `/v1/charges/${id}/refunds`),
  'checkout.session.line_items': (ctx, id) => lineItemsOf(ctx, id, {}),
}

export function expandPaths(ctx: SandboxContext, body: unknown, paths: string[]): unknown {
  const copy = structuredClone(body)
  for (const path of paths) {
    const parts = path.split('.')
    if (parts.length > 4)
      throw invalid(`You cannot expand more than 4 levels of a property. Property: ${path}`, 'expand')
    expandInto(ctx, copy as Fields, parts, path)
  }
  return copy
}

function expandInto(ctx: SandboxContext, target: Fields, parts: string[], path: string): void {
  const [name, ...rest] = parts
  if (name === undefined) return
  const into = (value: unknown) => {
    if (typeof value === 'object' && value !== null) expandInto(ctx, value as Fields, rest, path)
  }
  if (name === 'data' && Array.isArray(target['data'])) {
    target['data'].forEach(into)
    return
  }
  const object = String(target['object'])
  const include = includable[`${object}.${name}`]
  const current = target[name]
  if (include) target[name] ??= include(ctx, String(target['id']))
  else if (expandable[object]?.includes(name))
    target[name] = typeof current === 'string' ? (findById(ctx, current) ?? current) : current
  else if (rest.length === 0 || typeof current !== 'object') {
    const hint = object === 'list' ? ` You may want to try expanding 'data.${path}' instead.` : ''
    throw invalid(`This property cannot be expanded (${path}).${hint}`, 'expand')
  }
  into(target[name])
}
