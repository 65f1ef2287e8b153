// The operations of an OpenAPI 3.0 file.
import { type Call, type ContractOperation, matcher, parsed } from './contract.ts'
import { decodeFields } from './fields.ts'
import { isObject, type JsonObject } from './folder.ts'
import { type Check, openValidator, type Reading, type Validator } from './json-schema.ts'

export type FileOperation = ContractOperation & { method: string; template: string }

type Parameter = { name: string; in: string; required?: boolean; schema: JsonObject }
type Content = Record<string, { schema: JsonObject }>
type PathOperation = {
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, { content?: Content }>
}

export type OpenedFile = { operations: FileOperation[]; answers: Validator }

export type Habits = {
  requests: Reading
  answers: Reading
  /** Answers that the file describes wrongly or not at all, by operation id. */
  corrections?: Record<string, Check>
  /** Headers that the client chooses freely, or secrets that the journal hides. */
  uncheckedHeaders?: string[]
}

const methods = ['get', 'post', 'put', 'patch', 'delete']
const place = ['components', 'schemas']

export function openFile(document: JsonObject, habits: Habits): OpenedFile {
  const texts = openValidator(document, place, habits.requests, true)
  const bodies = openValidator(document, place, habits.requests)
  const answers = openValidator(document, place, habits.answers)
  const paths = document['paths'] as Record<string, Record<string, unknown>>
  const operations = Object.entries(paths).flatMap(([template, item]) =>
    methods
      .filter((method) => method in item)
      .map((method): FileOperation => {
        const operation = item[method] as PathOperation
        const parameters = [
          ...((item['parameters'] as Parameter[] | undefined) ?? []),
          ...(operation.parameters ?? []),
        ]
        const id = `${method.toUpperCase()} ${template}`
        return {
          id,
          method: method.toUpperCase(),
          template,
          isInFile: true,
          checkRequest: requestCheck(template, parameters, operation, texts, bodies, habits),
          checkAnswer: answerCheck(operation, answers, habits.corrections?.[id]),
        }
      }),
  )
  return { operations, answers }
}

function requestCheck(
  template: string,
  parameters: Parameter[],
  { requestBody }: PathOperation,
  texts: Validator,
  bodies: Validator,
  habits: Habits,
): (call: Call) => string[] {
  const inside = (where: string) => parameters.filter((parameter) => parameter.in === where)
  const path = lazy(() => texts.check(schemaOf(inside('path'))))
  const query = lazy(() => texts.check(schemaOf(inside('query'))))
  const match = matcher(template)
  const headers = inside('header').filter(
    ({ name }) => name !== 'Authorization' && !habits.uncheckedHeaders?.includes(name),
  )
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
  const isForm = type === 'application/x-www-form-urlencoded'
  const body = content && lazy(() => (isForm ? texts : bodies).check(content.schema))
  return (call) => {
    const problems = [
      ...path()(match(call.path) ?? {}).map((problem) => `path ${problem}`),
      ...query()(listed(decodeFields(call.query), inside('query'))).map((problem) => `query ${problem}`),
      ...headers.flatMap((header) => headerProblems(header, call.headers[header.name.toLowerCase()])),
    ]
    if (!body)
      return call.body === '' || !requestBody ? problems : [...problems, 'a body that nobody asked for']
    if (call.body === '' && !requestBody?.required) return problems
    const sent = call.headers['content-type']?.split(';')[0]
    // A form without fields is sent as nothing.
    if (sent !== type && !(isForm && call.body === ''))
      problems.push(`content-type ${sent} instead of ${type}`)
    const value = isForm ? decodeFields(new URLSearchParams(call.body)) : parsed(call.body)
    return [...problems, ...body()(value).map((problem) => `body ${problem}`)]
  }
}

function schemaOf(parameters: Parameter[]): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    required: parameters.filter((one) => one.required === true).map((one) => one.name),
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
  }
}

/** A list written with commas in one value. */
function listed(query: JsonObject, parameters: Parameter[]): JsonObject {
  const isList = (name: string) =>
    parameters.some((one) => one.name === name && one.schema['type'] === 'array')
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      typeof value === 'string' && isList(name) ? value.split(',') : value,
    ]),
  )
}

function headerProblems({ name, required, schema }: Parameter, value: string | undefined): string[] {
  if (value === undefined) return required ? [`header ${name} is missing`] : []
  const wanted = schema['default']
  const tooLong = typeof schema['maxLength'] === 'number' && value.length > schema['maxLength']
  if (tooLong) return [`header ${name} is too long`]
  return wanted !== undefined && wanted !== value
    ? [`header ${name} is ${value} instead of ${String(wanted)}`]
    : []
}

function answerCheck(
  { responses }: PathOperation,
  answers: Validator,
  correction: Check | undefined,
): ContractOperation['checkAnswer'] {
  const checks = new Map<string, () => Check>()
  for (const [status, { content }] of Object.entries(responses)) {
    const schema = Object.values(content ?? {})[0]?.schema
    checks.set(
      status,
      lazy(() => (schema ? answers.check(schema) : isEmpty)),
    )
  }
  return (status, body) => {
    const check = checks.get(String(status))
    return check && (correction ?? check())(body)
  }
}

const isEmpty: Check = (value: unknown) =>
  value === undefined || (isObject(value) && Object.keys(value).length === 0)
    ? []
    : ['a body that nobody described']

export function lazy<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
