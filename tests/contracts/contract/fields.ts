// Forms and queries as the providers write them, read back into values.
import { isObject, type Json, type JsonObject } from './folder.ts'

/** `a[b][0]=x` as {a: {b: ['x']}}; `a[]=x` adds to a list; a name that comes again makes a list. */
export function decodeFields(fields: URLSearchParams): JsonObject {
  const root: JsonObject = {}
  for (const [name, value] of fields) {
    const [first = '', ...rest] = name.replaceAll(']', '').split('[')
    put(root, [first, ...rest], value)
  }
  return withLists(root) as JsonObject
}

function put(node: JsonObject, [name = '', ...rest]: string[], value: string): void {
  const key = name === '' ? String(Object.keys(node).length) : name
  if (rest.length === 0) {
    const before = node[key]
    node[key] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]
    return
  }
  const inner = node[key]
  put(isObject(inner) ? inner : (node[key] = {}), rest, value)
}

/** Objects whose names count from 0 are lists. */
function withLists(node: Json): Json {
  if (!isObject(node)) return node
  const names = Object.keys(node)
  const values = names.map((name) => withLists(node[name]!))
  const isList = names.length > 0 && names.every((name, index) => name === String(index))
  return isList ? values : Object.fromEntries(names.map((name, index) => [name, values[index]!]))
}
