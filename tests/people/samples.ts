// Requests made from the OpenAPI document: every id is one of the given rows, everything else is the least
// that is valid.
import type { openApp } from '../../server/http/app.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  anyOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  minItems?: number
  minLength?: number
  minimum?: number
  exclusiveMinimum?: number
  properties?: Record<string, Schema>
  required?: string[]
  'x-id-of'?: string
}
type Parameter = { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }
type Operation = {
  parameters?: Parameter[]
  requestBody?: { content: { 'application/json': { schema: Schema } } }
}
export type ApiDocument = {
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

/** The ids that a request may name, by what they are the id of ("session"), or by the field ("visitId"). */
export type Ids = Record<string, string>
export type Sample = { path: string; body: unknown; isAbout: string[] }

export async function readDocument(app: ReturnType<typeof openApp>): Promise<ApiDocument> {
  return (await (await app.request('/openapi.json')).json()) as ApiDocument
}

/** `path` is Hono's: /api/bookings/:id. Times lie a week ahead. */
export function sampleOf(document: ApiDocument, method: string, path: string, ids: Ids, soon: Date): Sample {
  const address = path.replaceAll(/:(\w+)(\{[^/]*\})?/g, '{$1}')
  const operation = document.paths[address]?.[method.toLowerCase()]
  const isAbout: string[] = []
  const make = (name: string, schema: Schema): unknown => {
    if (schema.$ref) return make(name, document.components!.schemas![schema.$ref.split('/').at(-1)!]!)
    const what = schema['x-id-of']
    if (what) {
      const id = ids[name] ?? ids[what]
      if (!ids[name]) isAbout.push(what)
      if (!id) throw new Error(`${method} ${path} names a ${what}, and the test has none`)
      return id
    }
    if (schema.default !== undefined) return schema.default
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return schema.enum[0]
    if (schema.anyOf) return make(name, schema.anyOf[0]!)
    if (schema.allOf) return make(name, schema.allOf[0]!)
    const type = [schema.type].flat()[0]
    if (type === 'object') {
      const fields = Object.entries(schema.properties ?? {})
      return Object.fromEntries(
        fields
          // Where nothing is required, something is: an empty change is refused.
          .filter(([field], at) => (schema.required?.length ? schema.required.includes(field) : at === 0))
          .map(([field, one]) => [field, make(field, one)]),
      )
    }
    if (type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => make(name, schema.items!))
    if (type === 'integer' || type === 'number') return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1
    if (type === 'boolean') return true
    if (schema.format === 'date-time')
      return new Date(soon.getTime() + (name === 'to' ? 86_400_000 : 0)).toISOString()
    if (name === 'timeZone') return 'Australia/Sydney'
    return 'x'.repeat(Math.max(schema.minLength ?? 0, 3))
  }
  let made = address
  const query = new URLSearchParams()
  for (const parameter of operation?.parameters ?? []) {
    const text = () => String(make(parameter.name, parameter.schema))
    if (parameter.in === 'path') made = made.replace(`{${parameter.name}}`, text())
    else if (parameter.required) query.set(parameter.name, text())
  }
  const schema = operation?.requestBody?.content['application/json'].schema
  const body = schema ? make('body', schema) : undefined
  return { path: query.size > 0 ? `${made}?${query}` : made, body, isAbout }
}
