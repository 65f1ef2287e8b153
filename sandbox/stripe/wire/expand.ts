// `expand[]=latest_charge.balance_transaction`: ids become objects, at most four deep.
import type { SandboxContext } from '../../core/provider.ts'
import type { StripeDocument } from './documents.ts'
import type { List } from './pagination.ts'
import { invalid } from './refusal.ts'

/** What expanding needs to know of all resources; the registry says it. */
export type Expansion = {
  findById: (ctx: SandboxContext, id: string) => StripeDocument | undefined
  /** Fields that hold an id and can be expanded, by the object that has them. */
  expandable: Record<string, readonly string[]>
  /** Lists that are left out unless they are asked for, as `charge.refunds`. */
  includable: Record<string, (ctx: SandboxContext, id: string) => List<unknown>>
}
type Fields = Record<string, unknown>

export function expandPaths(
  ctx: SandboxContext,
  expansion: Expansion,
  body: unknown,
  paths: string[],
): unknown {
  const { findById, expandable, includable } = expansion
  const expandInto = (target: Fields, parts: string[], path: string): void => {
    const [name, ...rest] = parts
    if (name === undefined) return
    const into = (value: unknown) => {
      if (typeof value === 'object' && value !== null) expandInto(value as Fields, rest, path)
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

  const copy = structuredClone(body)
  for (const path of paths) {
    const parts = path.split('.')
    if (parts.length > 4)
      throw invalid(`You cannot expand more than 4 levels of a property. Property: ${path}`, 'expand')
    expandInto(copy as Fields, parts, path)
  }
  return copy
}
