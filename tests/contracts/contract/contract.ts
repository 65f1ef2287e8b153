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
   * False where the specification file has the object that is answered, but not this path: requests are then
   * unchecked.
   */
  isInFile: boolean
  checkRequest: (call: Call) => string[]
  /** Of an answer that is no error; undefined where no such status is documented. */
  checkAnswer: (status: number, body: Json | undefined, call: Call) => string[] | undefined
}

export type ProviderContract = {
  find: (method: string, path: string) => ContractOperation | undefined
  /** Of an answer from 400 on, whatever the operation. */
  checkError: (status: number, body: Json | undefined) => string[]
  /** Of a webhook; undefined for a type that no specification describes. */
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

/**
 * The first of the operations whose method and path fit; those without parameters in their path come first.
 */
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
