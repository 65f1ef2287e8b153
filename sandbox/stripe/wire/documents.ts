// The API's objects in the store. Each resource makes a collection of its own kind.
import type { SandboxContext } from '../../core/provider.ts'
import { noSuch } from './refusal.ts'

/** What all objects of the API have. */
export type StripeDocument = { id: string; object: string }

/** All objects of one kind. */
export type Collection<D extends StripeDocument> = {
  /** The `object` field of its documents: `charge`. */
  object: D['object']
  /** What their ids begin with: `ch`. */
  prefix: string
  /** Fields that hold an id and can be expanded. */
  expandable: readonly string[]
  find: (ctx: SandboxContext, id: string) => D | undefined
  /** The document, or Stripe's "No such ...": 404, or 400 when the id came as the parameter `param`. */
  load: (ctx: SandboxContext, id: string, param?: string) => D
  /** Oldest first. */
  all: (ctx: SandboxContext) => D[]
  /** The documents that `link` tied to `parent`, oldest first. */
  linked: (ctx: SandboxContext, parent: string) => D[]
}

type CollectionSpec<D extends StripeDocument> = Pick<Collection<D>, 'object' | 'prefix'> & {
  expandable?: readonly string[]
  /** For fields that change with time alone: the document as it is at the moment of reading. */
  asOfNow?: (ctx: SandboxContext, document: D) => D
}

export function collection<D extends StripeDocument>(spec: CollectionSpec<D>): Collection<D> {
  const { object, prefix, expandable = [], asOfNow = (_ctx, document) => document } = spec
  const find = (ctx: SandboxContext, id: string) => {
    const document = ctx.store.get<D>(`stripe.${object}`, id)
    return document && asOfNow(ctx, document)
  }
  const load = (ctx: SandboxContext, id: string, param?: string) => {
    const document = find(ctx, id)
    if (!document) throw noSuch(object, id, param)
    return document
  }
  return {
    object,
    prefix,
    expandable,
    find,
    load,
    all: (ctx) => ctx.store.list<D>(`stripe.${object}`).map((document) => asOfNow(ctx, document)),
    linked: (ctx, parent) =>
      ctx.store.list<string>(`stripe.${object}.of.${parent}`).map((id) => load(ctx, id)),
  }
}

export function save<D extends StripeDocument>(ctx: SandboxContext, document: D): D {
  ctx.store.put(`stripe.${document.object}`, document.id, document)
  return document
}

export const remove = (ctx: SandboxContext, document: StripeDocument) =>
  ctx.store.delete(`stripe.${document.object}`, document.id)

/** Ties `child` to `parent`, so that a charge's transfers are found without reading all transfers. */
export const link = (ctx: SandboxContext, parent: string, child: StripeDocument) =>
  ctx.store.put(`stripe.${child.object}.of.${parent}`, child.id, child.id)

/** Null today, a `T` one day: types a field of a freshly made document. */
export const unset = <T>(): T | null => null
