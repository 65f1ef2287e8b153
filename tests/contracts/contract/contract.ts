// What a provider's specification says of one call and of one delivery.
import type { JournalEntry } from '../../../sandbox/core/journal.ts'
import type { Json } from './folder.ts'

export type Call = {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  body: string
}

export type ContractOperation = {
  /** As the specification writes it: `GET /v1/charges/{charge}`. */
  id: string
  /**
   * False where the specification has the answered object but not this path: its requests are then not
   * checked.
   */
  isInFile: boolean
  checkRequest: (call: Call) => string[]
  /** The schema of a successful answer; undefined where no such status is documented. */
  checkAnswer: (status: number, body: Json | undefined, call: Call) => string[] | undefined
}

export type ProviderContract = {
  find: (method: string, path: string) => ContractOperation | undefined
  /** The schema of any answer from status 400 on. */
  checkError: (status: number, body: Json | undefined) => string[]
  /** The schema of a webhook; undefined for a type that no specification describes. */
  checkDelivery: (entry: JournalEntry) => string[] | undefined
}

/** `/v1/rooms/{name}` as a pattern; a part in braces stands for one part of a path. */
export function matcher(template: string): (path: string) => Record<string, string> | undefined {
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map((found) => found[1]!)
  const escaped = template
    .replaceAll(/[.+*?^$()[\]|\\]/g, String.raw`\$&`)
    .replaceAll(/\{[^}]+\}/g, '([^/]+?)')
  const pattern = new RegExp(`^${escaped}$`)
  return (path) => {
    const found = pattern.exec(path)
    return found
      ? Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1]!)]))
      : undefined
  }
}

/** The first operation whose method and path fit; paths without parameters come first. */
export function finder(
  operations: (ContractOperation & { method: string; template: string })[],
): ProviderContract['find'] {
  const known = operations
    .map((operation) => ({ operation, match: matcher(operation.template) }))
    .sort((a, b) => parameters(a.operation.template) - parameters(b.operation.template))
  return (method, path) =>
    known.find(({ operation, match }) => operation.method === method && match(path))?.operation
}

const parameters = (template: string) => template.split('{').length

export function parsed(text: string): Json | undefined {
  if (text === '') return undefined
  return JSON.parse(text) as Json
}
