// OpenAPI 3.0's way of writing schemas, turned into JSON Schema: `nullable` becomes a union of types.
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { isObject, type Json, type JsonObject } from './folder.ts'

export type Reading = {
  /** Name under which the document's schemas are found. */
  document: string
  /** Whether a value that the schema does not name is wrong. */
  isClosed?: boolean
  /** Whether every named value is required, for specifications that mark nothing as required. */
  isComplete?: boolean
  /** Corrects one schema where the document itself is known to be wrong; runs on the original. */
  mend?: (schema: JsonObject) => JsonObject
}

const kept = new Set([
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'const',
  'allOf',
  'anyOf',
  '$ref',
  'additionalProperties',
  'pattern',
  'format',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
])

function asJsonSchema(original: Json, reading: Reading): Json {
  if (Array.isArray(original)) return original.map((one) => asJsonSchema(one, reading))
  if (!isObject(original)) return original
  const {
    nullable,
    oneOf,
    'x-known-values': known,
    'x-expandable-to': expandable,
    ...node
  } = reading.mend?.(original) ?? original
  // Alternatives may overlap where the schemas are loose.
  if (Array.isArray(oneOf)) node['anyOf'] = oneOf
  const schema: JsonObject = {}
  for (const [name, value] of Object.entries(node)) {
    if (kept.has(name))
      schema[name] = name === 'properties' ? eachOf(value, reading) : asJsonSchema(value, reading)
  }
  if (typeof schema['$ref'] === 'string')
    schema['$ref'] = schema['$ref'].replace(/^#/, `${reading.document}#`)
  if (Array.isArray(known) && schema['type'] === 'string') schema['enum'] = known
  if (isObject(schema['properties'])) {
    if (reading.isClosed) schema['additionalProperties'] ??= false
    if (reading.isComplete) schema['required'] = Object.keys(schema['properties'])
  }
  if (Array.isArray(expandable)) {
    return anyOf(
      [
        schema,
        ...expandable.map((name) => ({ $ref: `${reading.document}#/components/schemas/${String(name)}` })),
      ],
      nullable,
    )
  }
  return nullable === true ? anyOf([schema], nullable) : schema
}

const anyOf = (options: Json[], nullable: Json | undefined): JsonObject => ({
  anyOf: nullable === true ? [...options, { type: 'null' }] : options,
})

function eachOf(value: Json, reading: Reading): Json {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asJsonSchema(one, reading)]))
    : value
}

/**
 * Returns the problems of a value, none where it is valid. It may turn '18' into 18 where the validator
 * coerces.
 */
export type Check = (value: unknown) => string[]

export type Validator = { check: (schema: Json) => Check; named: (name: string) => Check }

/**
 * Makes validators from a document's schemas. `place` is where its named schemas are: `components.schemas` or
 * `$defs`. With `isCoercing`, texts of a form or a query become the numbers and booleans of the schema.
 */
export function openValidator(
  document: JsonObject,
  place: string[],
  reading: Reading,
  isCoercing = false,
): Validator {
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: isCoercing, logger: false })
  formats.default(ajv)
  ajv.addFormat(
    'date-time-rfc-2822',
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/,
  )
  ajv.addFormat('phone-number', /^(\+\d+|[A-Za-z0-9 ]+)$/)
  ajv.addFormat('currency', /^[A-Z]{3}$/)
  // Twilio calls the paths of its messages uri.
  ajv.addFormat('uri', /^(https?:\/)?\/\S+$/)
  for (const unchecked of ['uri-map', 'int64', 'int32', 'http-method', 'ice-server'])
    ajv.addFormat(unchecked, true)
  const schemas = place.reduce<Json>((node, name) => (isObject(node) ? node[name]! : {}), document)
  const named = (eachOf(schemas, reading) ?? {}) as JsonObject
  for (const [, name = ''] of JSON.stringify(named).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
    // Objects that the file refers to but does not contain.
    named[name] ??= { type: 'object', required: ['id', 'object'] }
  }
  ajv.addSchema({ $id: reading.document, ...nested(place, named) })
  const check = (schema: Json): Check => {
    const validate = ajv.compile(schema as object)
    return (value) => (validate(value) ? [] : (validate.errors ?? []).map(describe))
  }
  const made = new Map<string, Check>()
  return {
    check: (schema) => check(asJsonSchema(schema, reading)),
    named: (name) => {
      if (!(name in named)) throw new Error(`${reading.document} has no schema ${name}`)
      const found = made.get(name) ?? check({ $ref: `${reading.document}#/${place.join('/')}/${name}` })
      made.set(name, found)
      return found
    },
  }
}

const nested = (place: string[], value: Json): JsonObject =>
  place.reduceRight<Json>((inner, name) => ({ [name]: inner }), value) as JsonObject

function describe({
  instancePath,
  message,
  params,
}: {
  instancePath: string
  message?: string
  params: object
}): string {
  const detail = JSON.stringify(params)
  return `${instancePath || '/'} ${message ?? ''}${detail === '{}' ? '' : ` ${detail.slice(0, 120)}`}`
}
