// Specifications that list their endpoints beside plain JSON Schemas: Daily's and Airtable's.
import { type Call, parsed } from './contract.ts'
import { decodeFields } from './fields.ts'
import type { Json, JsonObject } from './folder.ts'
import type { Check, Validator } from './json-schema.ts'
import type { FileOperation } from './open-api.ts'

export type Endpoint = {
  id: string
  template: string
  query?: Check
  body?: Check
  answer: (call: Call) => Check | 'nothing'
}

/** Query values are texts, so a coercing validator checks them. */
export function endpointOperation(
  { id, template, query, body, answer }: Endpoint,
  isInFile = true,
): FileOperation {
  const [method = ''] = id.split(' ')
  return {
    id,
    method,
    template,
    isInFile,
    checkRequest: (call) => [
      ...(query
        ? query(decodeFields(call.query))
        : [...call.query.keys()].map((name) => `/${name} is no parameter`)
      ).map((one) => `query ${one}`),
      ...bodyProblems(call, body),
    ],
    checkAnswer: (status, found, call) => {
      const check = answer(call)
      if (status !== 200) return undefined
      return check === 'nothing' ? nothing(found) : check(found)
    },
  }
}

function bodyProblems(call: Call, body: Check | undefined): string[] {
  if (!body) return call.body === '' ? [] : ['a body that nobody asked for']
  const type = call.headers['content-type']?.split(';')[0]
  const problems = type === 'application/json' ? [] : [`content-type ${type}`]
  return [...problems, ...body(parsed(call.body)).map((one) => `body ${one}`)]
}

const nothing = (found: Json | undefined): string[] =>
  found === undefined || JSON.stringify(found) === '{}' ? [] : ['a body that nobody described']

/** The permitted query parameters as texts, each with its schema. */
export const queryOf = (validator: Validator, properties: JsonObject): Check =>
  validator.check({ type: 'object', additionalProperties: false, properties })
