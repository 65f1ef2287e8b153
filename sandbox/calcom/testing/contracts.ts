// The published shapes, where this machine has the contracts folder.
import { Ajv } from 'ajv'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env['CONTRACTS_DIR'] ?? join(import.meta.dirname, '../../../../shared/contracts')

export const hasContracts = existsSync(join(folder, 'calcom.openapi.json'))

const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))

/** Says what is wrong with a value under a schema name of calcom.openapi.json; '' when it fits. */
export function calcomShape(): (name: string, value: unknown) => string {
  const document = plain(read('calcom.openapi.json')) as { components: object }
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: 'calcom', components: document.components })
  return (name, value) => {
    const validate = ajv.getSchema(`calcom#/components/schemas/${name}`)
    if (!validate) throw new Error(`no schema ${name}`)
    return validate(value) ? '' : ajv.errorsText(validate.errors)
  }
}

/**
 * OpenAPI 3.0 as JSON Schema: `nullable` becomes a union, and alternatives may overlap. Mistakes of the
 * generator are corrected: a name in place of a pattern, an enum on an array instead of its items, and
 * "object" for a flag or a number.
 */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, oneOf, ...rest } = value as Record<string, unknown>
  const schema = Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, plain(each)]))
  const isNoObject = 'example' in schema && typeof schema['example'] !== 'object'
  if (schema['type'] === 'object' && (isNoObject || isFlag(schema))) delete schema['type']
  if (schema['type'] === 'array') delete schema['enum']
  if (schema['pattern'] === 'TIME_FORMAT_HH_MM') schema['pattern'] = '^([01]\\d|2[0-3]):[0-5]\\d$'
  if (oneOf) schema['anyOf'] = plain(oneOf)
  return nullable ? { anyOf: [{ type: 'null' }, schema] } : schema
}

const isFlag = (schema: Record<string, unknown>) =>
  String(schema['description']).startsWith('Can be set to false')

export const hookSamples = (): Record<string, Record<string, unknown>> => read('calcom.webhooks.json').samples

export type Vector = {
  id: string
  provider: string
  secret: string | null
  body: string
  header: { name: string; value: string }
}

export function vectors(): Vector[] {
  return read('signature.vectors.json').vectors.filter((vector: Vector) => vector.provider === 'calcom')
}
