// Stripe: the file's operations, and those whose object the file has without their path.
import type { JournalEntry } from '../../../sandbox/core/journal.ts'
import { type Call, finder, parsed, type ProviderContract } from './contract.ts'
import { decodeFields } from './fields.ts'
import { isObject, type Json, type JsonObject, readContract } from './folder.ts'
import type { Check } from './json-schema.ts'
import { type FileOperation, lazy, openFile } from './open-api.ts'

// Paths that the sandbox offers beyond the file, by https://docs.stripe.com/api: the answer must fit the
// object's schema, a query the names below.
const beyondTheFile: Record<string, string> = {
  'POST /v1/customers/{customer}': 'customer',
  'GET /v1/checkout/sessions/{session}/line_items': 'list of item',
  'GET /v1/payment_intents': 'list of payment_intent',
  'POST /v1/payment_intents/{intent}': 'payment_intent',
  'GET /v1/charges': 'list of charge',
  'POST /v1/charges/{charge}': 'charge',
  'GET /v1/balance_transactions/{id}': 'balance_transaction',
  'POST /v1/refunds/{refund}': 'refund',
  'POST /v1/refunds/{refund}/cancel': 'refund',
  'POST /v1/transfers/{transfer}': 'transfer',
  'GET /v1/transfers/{id}/reversals': 'list of transfer_reversal',
  'GET /v1/transfers/{transfer}/reversals/{id}': 'transfer_reversal',
  'POST /v1/transfers/{transfer}/reversals/{id}': 'transfer_reversal',
  'GET /v1/webhook_endpoints/{id}': 'webhook_endpoint',
  'POST /v1/webhook_endpoints/{id}': 'webhook_endpoint',
  'DELETE /v1/webhook_endpoints/{id}': 'deleted webhook_endpoint',
  'DELETE /v1/customers/{customer}': 'deleted customer',
  'DELETE /v1/accounts/{account}': 'deleted account',
  'GET /v1/disputes': 'list of dispute',
  'GET /v1/disputes/{dispute}': 'dispute',
  'POST /v1/disputes/{dispute}': 'dispute',
  'POST /v1/disputes/{dispute}/close': 'dispute',
}

const paging = ['limit', 'starting_after', 'ending_before']
const filters: Record<string, string[]> = {
  'GET /v1/payment_intents': ['created', 'customer'],
  'GET /v1/charges': ['created', 'customer', 'payment_intent', 'transfer_group'],
  'GET /v1/disputes': ['charge', 'created', 'payment_intent'],
}

/**
 * Parameters that our server posts to such a path; for the rest, the types of the official package are
 * trusted.
 */
const parameters: Record<string, string[]> = {
  'POST /v1/webhook_endpoints/{id}': ['description', 'disabled', 'enabled_events', 'metadata', 'url'],
}

export function openStripeContract(): ProviderContract & { version: string } {
  const document = readContract('stripe.openapi.json')
  const version = String((document['info'] as JsonObject)['version'])
  const reading = { document: 'stripe' }
  const { operations, answers } = openFile(document, {
    requests: { ...reading, isClosed: true },
    answers: { ...reading, isClosed: true },
    uncheckedHeaders: ['Stripe-Account'],
  })
  const error = lazy(() =>
    answers.check(open((document['components'] as { schemas: JsonObject }).schemas['error']!)),
  )
  const event = answers.named('event')
  const answerOf = (description: string): Check => {
    const [first = '', ...rest] = description.split(' ')
    if (first === 'deleted') return answers.check(deleted(rest.join(' ')))
    return first === 'list' ? answers.check(listOf(rest.at(-1)!)) : answers.named(first)
  }
  const beyond = Object.entries(beyondTheFile).map(([id, description]): FileOperation => {
    const [method = '', template = ''] = id.split(' ')
    const check = lazy(() => answerOf(description))
    const isList = description.startsWith('list ')
    const names = ['expand', ...(isList ? [...paging, ...(filters[id] ?? [])] : [])]
    const unknown = (fields: URLSearchParams, known: string[]) =>
      Object.keys(decodeFields(fields)).filter((name) => !known.includes(name))
    const checkRequest = (call: Call) => [
      ...unknown(call.query, names).map((name) => `query /${name} is no parameter`),
      ...(parameters[id] ? unknown(new URLSearchParams(call.body), [...parameters[id], 'expand']) : []).map(
        (name) => `body /${name} is no parameter`,
      ),
    ]
    return {
      id,
      method,
      template,
      isInFile: false,
      checkRequest,
      checkAnswer: (status, body) => (status === 200 ? check()(body) : undefined),
    }
  })
  const versioned = operations.map((operation): FileOperation => ({
    ...operation,
    checkRequest: (call) => [
      ...operation.checkRequest(call),
      ...(call.headers['stripe-version'] === version
        ? []
        : [`header Stripe-Version is ${call.headers['stripe-version']}`]),
    ],
  }))
  return {
    version,
    find: finder([...versioned, ...beyond]),
    checkError: (_status, body) => error()(body),
    checkDelivery: (entry) => checkEvent(entry, event, version, (name) => answers.named(name)),
  }
}

function checkEvent(
  entry: JournalEntry,
  event: Check,
  version: string,
  named: (name: string) => Check,
): string[] | undefined {
  const body = parsed(entry.requestBody)
  const data = isObject(body) && isObject(body['data']) ? body['data'] : {}
  const object = isObject(data['object']) ? data['object'] : {}
  if (!isObject(body) || body['type'] !== entry.operation)
    return ['the event is not of the type it was sent as']
  return [
    ...event(body),
    ...(body['api_version'] === version ? [] : [`api_version is ${String(body['api_version'])}`]),
    ...named(String(object['object']))(object).map((problem) => `data.object ${problem}`),
  ]
}

const reference = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` })

const listOf = (name: string): JsonObject => ({
  type: 'object',
  required: ['object', 'data', 'has_more', 'url'],
  properties: {
    object: { const: 'list' },
    url: { type: 'string' },
    has_more: { type: 'boolean' },
    data: { type: 'array', items: reference(name) },
  },
})

const deleted = (object: string): JsonObject => ({
  type: 'object',
  required: ['id', 'object', 'deleted'],
  properties: { id: { type: 'string' }, object: { const: object }, deleted: { const: true } },
})

/** The file's error object is older than the rest, so it may have more fields than the file knows. */
function open(schema: Json): Json {
  if (!isObject(schema)) return schema
  return {
    ...Object.fromEntries(
      Object.entries(schema).map(([name, value]) => [name, name === 'properties' ? opened(value) : value]),
    ),
    additionalProperties: true,
  }
}
const opened = (properties: Json): Json =>
  isObject(properties)
    ? Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, open(one)]))
    : properties
