// Cal.com: the operations of its OpenAPI file, errors as its guide shows them, webhooks as its published
// examples.
import { finder, parsed, type ProviderContract } from './contract.ts'
import { isObject, type Json, type JsonObject, readContract } from './folder.ts'
import { openFile } from './open-api.ts'

export function openCalcomContract(): ProviderContract {
  const document = readContract('calcom.openapi.json')
  const reading = { document: 'calcom', mend }
  const { operations, answers } = openFile(document, {
    requests: { ...reading, isClosed: true },
    answers: reading,
    corrections: {
      'GET /v2/slots': (body) => answers.check(slots)(body),
      'GET /v2/slots/reservations/{uid}': (body) => answers.check(reservation)(body),
    },
  })
  const error = answers.check(failure)
  const webhooks = readContract('calcom.webhooks.json')
  const samples = webhooks['samples'] as Record<string, JsonObject>
  const extras = webhooks['extraFieldsByTrigger'] as Record<string, string[]>
  return {
    find: finder(operations),
    checkError: (_status, body) => error(body),
    checkDelivery: (entry) => {
      const body = parsed(entry.requestBody)
      const sample = samples[entry.operation]
      if (!sample || !isObject(body)) return undefined
      const missing = (extras[entry.operation] ?? []).filter(
        (name) => !isObject(body['payload']) || !(name in body['payload']),
      )
      return [...differences(sample, body, ''), ...missing.map((name) => `/payload/${name} is missing`)]
    },
  }
}

/** The file shows the bare map of dates; its example and the real server wrap it in `data`. */
const slots: JsonObject = {
  type: 'object',
  required: ['status', 'data'],
  additionalProperties: false,
  properties: {
    status: { const: 'success' },
    data: {
      type: 'object',
      additionalProperties: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['start'],
          additionalProperties: false,
          properties: {
            start: { type: 'string', format: 'date-time' },
            end: { type: 'string', format: 'date-time' },
          },
        },
      },
    },
  },
}

/** The file's schema refers to itself instead of to the reservation. */
const reservation: JsonObject = {
  type: 'object',
  required: ['status', 'data'],
  additionalProperties: false,
  properties: {
    status: { const: 'success' },
    data: {
      type: ['object', 'null'],
      additionalProperties: false,
      required: ['eventTypeId', 'slotStart', 'slotEnd', 'slotDuration', 'reservationUid', 'reservationUntil'],
      properties: {
        eventTypeId: { type: 'number' },
        slotStart: { type: 'string' },
        slotEnd: { type: 'string' },
        slotDuration: { type: 'number' },
        reservationUid: { type: 'string' },
        reservationUntil: { type: 'string' },
      },
    },
  },
}

const failure: JsonObject = {
  type: 'object',
  required: ['status', 'timestamp', 'path', 'error'],
  additionalProperties: false,
  properties: {
    status: { const: 'error' },
    timestamp: { type: 'string', format: 'date-time' },
    path: { type: 'string' },
    error: {
      type: 'object',
      required: ['code', 'message', 'details'],
      properties: { code: { type: 'string' }, message: { type: 'string' }, details: { type: 'object' } },
    },
  },
}

/**
 * Mistakes of the generator: a name in place of a pattern, an enum on a list instead of on its items, and
 * "object" for a flag or a number, which its own example contradicts.
 */
function mend(original: JsonObject): JsonObject {
  const schema = { ...original }
  const isNoObject = 'example' in schema && typeof schema['example'] !== 'object'
  const isFlag = String(schema['description']).startsWith('Can be set to false')
  if (schema['type'] === 'object' && (isNoObject || isFlag)) delete schema['type']
  if (schema['type'] === 'array') delete schema['enum']
  if (schema['pattern'] === 'TIME_FORMAT_HH_MM') schema['pattern'] = '^([01]\\d|2[0-3]):[0-5]\\d$'
  return schema
}

/** What `actual` lacks of a published example, or has as another kind of value; null stands for any kind. */
function differences(sample: Json, actual: Json | undefined, path: string): string[] {
  if (actual === undefined) return isOptional(path) ? [] : [`${path} is missing`]
  if (sample === null || actual === null) return []
  if (Array.isArray(sample)) {
    if (!Array.isArray(actual)) return [`${path} is no list`]
    return actual.flatMap((one, index) =>
      sample.length === 0 ? [] : differences(sample[0]!, one, `${path}/${index}`),
    )
  }
  if (typeof sample !== typeof actual)
    return isOptional(path) ? [] : [`${path} is a ${typeof actual} instead of a ${typeof sample}`]
  if (!isObject(sample) || !isObject(actual)) return []
  return Object.entries(sample).flatMap(([name, value]) =>
    differences(value, actual[name], `${path}/${name}`),
  )
}

// A field of the booking form that was not filled in has no value; metadata is what was sent.
const isOptional = (path: string) => path.endsWith('/value') || path.startsWith('/payload/metadata/')
