// Malformed input for every operation in openapi.json, made from its schemas, each wrong in one way.
type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  items?: Schema
  enum?: unknown[]
  $ref?: string
  anyOf?: Schema[]
}
type Parameter = { name: string; in: string; schema?: Schema }
type Operation = { parameters?: Parameter[]; requestBody?: { content: Record<string, { schema: Schema }> } }
export type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

export type Attempt = {
  /** Method and path of the document, the same for all attempts on one operation. */
  route: string
  method: string
  path: string
  headers: Record<string, string>
  body?: string
  what: string
}

const json = { 'content-type': 'application/json' }
const someId = '01890000-0000-7000-8000-000000000000'
const ids = [
  someId,
  'x',
  '%00',
  '..%2f..',
  '%E0%A4%A',
  'a'.repeat(400),
  "'%20or%201=1",
  '%F0%9F%A6%8A',
  '0',
  'null',
  'undefined',
]
const values: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  ' ',
  'a\u0000b',
  '\ud800',
  '\u202e',
  'x'.repeat(20_000),
  '2027-13-45T99:99:99Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2027-01-01T00:00:00+99:99',
  [],
  ['a'],
  {},
  { $ne: null },
  [[[[]]]],
  '__proto__',
  '<script>',
  `${'['.repeat(500)}`,
]
const bodies = [
  '',
  'null',
  '0',
  '"text"',
  '[]',
  '[{}]',
  '{}',
  '{',
  '{"a":',
  '{"__proto__":{"x":1}}',
  '{"constructor":1}',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  '\u0000',
  '{"\u0000":1}',
  'a=1&b=2',
  '<xml/>',
  `{"text":"${'x'.repeat(90_000)}"}`,
]

/** Every operation of the document with each malformed input for it. */
export function attemptsOf(document: Document): Attempt[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      attemptsOn(document, path, method.toUpperCase(), operation),
    ),
  )
}

function attemptsOn(document: Document, template: string, method: string, operation: Operation): Attempt[] {
  const path = template.replaceAll(/\{\w+\}/g, someId)
  const hasBody = operation.requestBody !== undefined
  const route = `${method} ${template}`
  const plain = { route, method, path, headers: hasBody ? json : {}, ...(hasBody ? { body: '{}' } : {}) }
  return [
    { ...plain, what: 'as it is' },
    ...(template.includes('{')
      ? ids.map((id) => ({
          ...plain,
          path: template.replaceAll(/\{\w+\}/g, id),
          what: `id ${id.slice(0, 20)}`,
        }))
      : []),
    ...(operation.parameters ?? [])
      .filter((one) => one.in === 'query')
      .flatMap(({ name }) =>
        queriesOf(name).map((query) => ({
          ...plain,
          path: `${path}?${query}`,
          what: `query ${query.slice(0, 40)}`,
        })),
      ),
    ...(hasBody || method !== 'GET'
      ? bodies.map((body) => ({ ...plain, headers: json, body, what: `body ${body.slice(0, 20)}` }))
      : []),
    ...(hasBody
      ? bodiesFor(document, operation).map((body) => ({
          ...plain,
          headers: json,
          body,
          what: `body ${body.slice(0, 60)}`,
        }))
      : []),
    ...(hasBody
      ? [
          'text/plain',
          'application/x-www-form-urlencoded',
          'multipart/form-data',
          'application/json; charset=utf-16',
          '',
        ].map((type) => ({
          ...plain,
          headers: { 'content-type': type },
          body: '{"a":1}',
          what: `content-type ${type}`,
        }))
      : []),
  ].filter(
    (attempt) => !(attempt.method === 'GET' || attempt.method === 'HEAD') || attempt.body === undefined,
  )
}

function queriesOf(name: string): string[] {
  const wrong = values
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map((value) => encodeURIComponent(String(value).toWellFormed()))
  return [...wrong.filter((value) => value.length < 2_000), '%00', '%E0%A4%A', 'a'.repeat(3_000)]
    .map((value) => `${name}=${value}`)
    .concat(`${name}[]=1`, `${name}=1&${name}=2`)
}

/** The right shape with one property wrong, missing or too many. */
function bodiesFor(document: Document, operation: Operation): string[] {
  const schema = resolve(document, operation.requestBody!.content['application/json']?.schema ?? {})
  const right = example(document, schema) as Record<string, unknown>
  const names = Object.keys(schema.properties ?? {})
  return [
    JSON.stringify({ ...right, surplus: 1 }),
    ...names.map((name) => JSON.stringify({ ...right, [name]: undefined })),
    ...names.flatMap((name) => values.map((value) => JSON.stringify({ ...right, [name]: value }))),
    // JSON.stringify escapes a lone surrogate; the raw escape is what a hostile client sends.
    ...names.map((name) =>
      JSON.stringify({ ...right, [name]: 'surrogate' }).replace('surrogate', '\\ud83d \\u0000'),
    ),
  ]
}

function resolve(document: Document, schema: Schema): Schema {
  return schema.$ref ? (document.components.schemas[schema.$ref.split('/').at(-1)!] ?? {}) : schema
}

function example(document: Document, given: Schema): unknown {
  const schema = resolve(document, given)
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return example(document, schema.anyOf[0]!)
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [
          name,
          example(document, property),
        ]),
      )
    case 'array':
      return []
    case 'integer':
    case 'number':
      return 5
    case 'boolean':
      return true
    default:
      return 'text'
  }
}
