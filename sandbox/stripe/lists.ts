// Cursor pages: https://docs.stripe.com/api/pagination. Newest first.
import type { Operation, SandboxContext } from '../core/provider.ts'
import { all, linked, type Documents, type Kind } from './documents.ts'
import { operation, type Call } from './operation.ts'
import { integer, range, text, type Shape, type Values } from './params.ts'
import { invalid, noSuch } from './refusal.ts'

export type List<T> = { object: 'list'; url: string; has_more: boolean; data: T[] }
export const pageParams = { limit: integer(1, 100), starting_after: text, ending_before: text }

/** One page of `items`, which come oldest first. */
export function page<T extends { id: string; object: string }>(items: T[], url: string, params: Values<typeof pageParams>): List<T> {
  const { limit = 10, starting_after: after, ending_before: before } = params
  if (after && before) throw invalid('You cannot parameterize both starting_after and ending_before.', 'starting_after')
  const newestFirst = items.toReversed()
  const cursor = after ?? before
  const at = cursor === undefined ? -1 : newestFirst.findIndex((item) => item.id === cursor)
  if (cursor !== undefined && at < 0) throw noSuch(items[0]?.object ?? 'object', cursor, after ? 'starting_after' : 'ending_before')
  const rest = before ? newestFirst.slice(0, at) : newestFirst.slice(at + 1)
  const data = before ? rest.slice(-limit) : rest.slice(0, limit)
  return { object: 'list', url, has_more: rest.length > limit, data }
}

/** A list that stands inside another object, as for `charge.refunds`: the first ten, newest first. */
export const included = <K extends Kind>(ctx: SandboxContext, parent: string, kind: K, url: string): List<Documents[K]> =>
  page(linked(ctx, parent, kind), url, {})

const common = { ...pageParams, created: range }

type ListingSpec<K extends Kind, S extends Shape> = {
  name: string
  path: string
  kind: K
  filters: S
  /** Says whether a document passes the filters that are given. */
  matches: (document: Documents[K], filters: Values<S>) => boolean
}

/** `GET /v1/<kind>s` with paging, `created` and the kind's own filters. */
export function listing<K extends Kind, S extends Shape>(spec: ListingSpec<K, S>): Operation {
  const params = { ...spec.filters, ...common }
  return operation({
    name: spec.name,
    method: 'GET',
    path: spec.path,
    params,
    act: ({ ctx, params: given }: Call<typeof params>) => {
      const { created } = given as Values<typeof common>
      const found = all(ctx, spec.kind).filter((document) =>
        isWithin(document.created, created) && spec.matches(document, given as unknown as Values<S>))
      return page(found, spec.path, given as Values<typeof pageParams>)
    },
  })
}

function isWithin(created: number, bounds: { gt?: number; gte?: number; lt?: number; lte?: number } = {}): boolean {
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = bounds
  return created > gt && created >= gte && created < lt && created <= lte
}

/** True when no filter is given or the value equals it. */
export const equals = (value: unknown, filter: unknown) => filter === undefined || value === filter
