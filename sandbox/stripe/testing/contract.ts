// Stripe's published shapes as strict validators: unknown fields and values fail too.
import { Ajv, type ValidateFunction } from 'ajv'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const file = resolve(
  process.env['CONTRACTS_DIR'] ?? resolve(import.meta.dirname, '../../../../shared/contracts'),
  'stripe.openapi.json',
)
export const hasContract = existsSync(file)

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * OpenAPI 3.0 to JSON Schema: `nullable` becomes a union, known values an enum, an expandable id may be an
 * object.
 */
function converted(node: Json): Json {
  if (Array.isArray(node)) return node.map(converted)
  if (!isObject(node)) return node
  const { nullable, 'x-known-values': known, 'x-expandable-to': expandable, ...rest } = node
  const kept = [
    'type',
    'properties',
    'required',
    'items',
    'enum',
    'allOf',
    'anyOf',
    'oneOf',
    '$ref',
    'additionalProperties',
  ]
  const inside = (value: { [name: string]: Json }) =>
    Object.fromEntries(Object.entries(value).map(([key, one]) => [key, converted(one)]))
  let schema = Object.fromEntries(
    Object.entries(rest)
      .filter(([name]) => kept.includes(name))
      .map(([name, value]) => [
        name,
        name === 'properties' && isObject(value) ? inside(value) : converted(value),
      ]),
  )
  if (Array.isArray(known) && schema['type'] === 'string') schema['enum'] = known
  if (isObject(schema['properties']) && schema['additionalProperties'] === undefined)
    schema['additionalProperties'] = false
  if (Array.isArray(expandable))
    schema = {
      anyOf: [schema, ...expandable.map((name) => ({ $ref: `#/components/schemas/${String(name)}` }))],
    }
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}

/** Reads the specification once; `validate('charge')` gives the validator of one schema. */
export function openContract(): {
  validate: (schema: string) => ValidateFunction
  listOf: (schema: string) => ValidateFunction
} {
  const specification = JSON.parse(readFileSync(file, 'utf8')) as {
    components: { schemas: Record<string, Json> }
  }
  const schemas = Object.fromEntries(
    Object.entries(specification.components.schemas).map(([name, schema]) => [name, converted(schema)]),
  )
  // Objects that `x-expandable-to` names but the excerpt leaves out.
  const text = JSON.stringify(schemas)
  for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/([^"]+)/g))
    schemas[name] ??= { type: 'object', required: ['id', 'object'] }
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: 'stripe', components: { schemas } })
  const reference = (name: string) => ({ $ref: `stripe#/components/schemas/${name}` })
  // Ajv keeps what it compiled by the identity of the schema.
  const once = new Map<string, object>()
  const compiled = (name: string, schema: object) =>
    ajv.compile(once.get(name) ?? once.set(name, schema).get(name)!)
  return {
    validate: (name) => compiled(name, reference(name)),
    listOf: (name) =>
      compiled(`list ${name}`, {
        type: 'object',
        required: ['object', 'data', 'has_more', 'url'],
        additionalProperties: false,
        properties: {
          object: { const: 'list' },
          url: { type: 'string' },
          has_more: { type: 'boolean' },
          data: { type: 'array', items: reference(name) },
        },
      }),
  }
}
