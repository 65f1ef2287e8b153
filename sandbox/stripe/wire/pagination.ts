// Cursor pages: https://docs.stripe.com/api/pagination. Newest first.
import type { SandboxContext } from '../../core/provider.ts'
import type { Collection, StripeDocument } from './documents.ts'
import { integer, text, type Values } from './params.ts'
import { invalid, noSuch } from './refusal.ts'

export type List<T> = { object: 'list'; url: string; has_more: boolean; data: T[] }
export const pageParams = { limit: integer(1, 100), starting_after: text, ending_before: text }

/** One page of `items`, which come oldest first. */
export function page<T extends StripeDocument>(
  items: T[],
  url: string,
  params: Values<typeof pageParams>,
): List<T> {
  const { limit = 10, starting_after: after, ending_before: before } = params
  if (after && before)
    throw invalid('You cannot parameterize both starting_after and ending_before.', 'starting_after')
  const newestFirst = items.toReversed()
  const cursor = after ?? before
  const at = cursor === undefined ? -1 : newestFirst.findIndex((item) => item.id === cursor)
  if (cursor !== undefined && at < 0)
    throw noSuch(items[0]?.object ?? 'object', cursor, after ? 'starting_after' : 'ending_before')
  const rest = before ? newestFirst.slice(0, at) : newestFirst.slice(at + 1)
  const data = before ? rest.slice(-limit) : rest.slice(0, limit)
  return { object: 'list', url, has_more: rest.length > limit, data }
}

/** A list inside another object, as `charge.refunds`: the first ten, newest first. */
export const included = <D extends StripeDocument>(
  ctx: SandboxContext,
  collection: Collection<D>,
  parent: string,
  url: string,
): List<D> => page(collection.linked(ctx, parent), url, {})
