import type { Operation } from '../../core/provider.ts'
import { all, type Documents, type Kind } from './documents.ts'
import { page, pageParams } from './pagination.ts'
import { operation, type Call } from './operation.ts'
import { range, type Shape, type Values } from './params.ts'

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
      const found = all(ctx, spec.kind).filter(
        (document) =>
          isWithin(document.created, created) && spec.matches(document, given as unknown as Values<S>),
      )
      return page(found, spec.path, given as Values<typeof pageParams>)
    },
  })
}

function isWithin(
  created: number,
  bounds: { gt?: number; gte?: number; lt?: number; lte?: number } = {},
): boolean {
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = bounds
  return created > gt && created >= gte && created < lt && created <= lte
}

/** True when no filter is given or the value equals it. */
export const equals = (value: unknown, filter: unknown) => filter === undefined || value === filter
