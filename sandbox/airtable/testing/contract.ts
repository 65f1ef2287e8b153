// The published shapes of Airtable's API, kept outside this repository.
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

/** Lists what is wrong with `value` as a `name` of the contract. */
export function airtableContract(): (name: string, value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema(readContract('airtable.schema.json') as object, 'airtable')
  return (name, value) => {
    const validate = ajv.getSchema(`airtable#/$defs/${name}`)
    if (!validate) throw new Error(`no ${name} in the contract`)
    void validate(value)
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
  }
}
