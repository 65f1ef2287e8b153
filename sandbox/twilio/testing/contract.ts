// Twilio's published OpenAPI files and callback shapes, kept outside this repository.
import formats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env['CONTRACTS_DIR'] ?? join(import.meta.dirname, '../../../../shared/contracts')

/** Tests that need the contracts are skipped by name when the folder is not there. */
export const hasContracts = existsSync(folder)

export function readContract(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'))
}

/** OpenAPI 3.0 says `nullable`; JSON Schema adds null to the alternatives. */
function withNulls(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNulls)
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, withNulls(value)]),
  )
  if (nullable !== true || Object.keys(rest).length === 0) return rest
  return { anyOf: [rest, { type: 'null' }] }
}

export type Check = (value: unknown) => string[]

/** The validator of a schema, by its pointer: `#/components/schemas/verify.v2.service`. */
export function contractCheck(file: string, pointer: string): Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addFormat(
    'date-time-rfc-2822',
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/,
  )
  ajv.addFormat('phone-number', /^(\+\d+|[A-Za-z0-9 ]+)$/)
  ajv.addFormat('currency', /^[A-Z]{3}$/)
  for (const unchecked of ['uri-map', 'int64', 'int32']) ajv.addFormat(unchecked, true)
  // The file calls the paths of messages uri.
  ajv.addFormat('uri', /^(https?:\/)?\/\S+$/)
  ajv.addSchema(withNulls(readContract(file)) as object, file)
  const validate = ajv.getSchema(`${file}${pointer}`)
  if (!validate) throw new Error(`no ${pointer} in ${file}`)
  return (value) => {
    void validate(value)
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
  }
}
