import type { Collection, StripeDocument } from './documents.ts'
import { operation, type Call, type StripeOperation } from './operation.ts'
import { page, pageParams } from './pagination.ts'
import { range, type Shape, type Values } from './params.ts'

const common = { ...pageParams, created: range }

type Dated = StripeDocument & { created: number }
type ListingSpec<D extends Dated, S extends Shape> = {
  name: string
  path: string
  of: Collection<D>
  filters: S
  /** Says whether a document passes the given filters. */
  matches: (document: D, filters: Values<S>) => boolean
}

/** `GET /v1/<resources>` with pagination, `created` and the resource's own filters. */
export function listing<D extends Dated, S extends Shape>(spec: ListingSpec<D, S>): StripeOperation {
  const params = { ...spec.filters, ...common }
  return operation({
    name: spec.name,
    method: 'GET',
    path: spec.path,
    params,
    act: ({ ctx, params: given }: Call<typeof params>) => {
      const { created } = given as Values<typeof common>
      const found = spec.of
        .all(ctx)
        .filter(
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
