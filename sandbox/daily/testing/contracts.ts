// The published shapes, where this machine has the contracts folder.
import { Ajv2020 } from 'ajv/dist/2020.js'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env['CONTRACTS_DIR'] ?? join(import.meta.dirname, '../../../../shared/contracts')

export const hasContracts = existsSync(join(folder, 'daily.schema.json'))

const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))

/** Says what is wrong with a value under a name of daily.schema.json; '' when it fits. */
export function dailyShape(): (name: string, value: unknown) => string {
  const schema = read('daily.schema.json')
  // The generated client says "object" where the documentation's examples have a string or null.
  const person = schema.$defs.GetMeetingInfo200ResponseDataInnerParticipantsInner.properties
  person.user_id = person.user_name = { type: ['string', 'null'] }
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema(schema)
  return (name, value) => {
    const validate = ajv.getSchema(`presence:daily#/$defs/${name}`)
    if (!validate) throw new Error(`no schema ${name}`)
    return validate(value) ? '' : ajv.errorsText(validate.errors)
  }
}

export type Vector = {
  id: string
  provider: string
  secret: string
  timestamp: string
  body: string
  headers: Record<string, string>
  expect: string
}

export function vectors(provider: string): Vector[] {
  return read('signature.vectors.json').vectors.filter((vector: Vector) => vector.provider === provider)
}
