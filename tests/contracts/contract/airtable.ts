// Airtable: endpoints and schemas written from its documentation pages.
import type { JournalEntry } from '../../../sandbox/core/journal.ts'
import { type Call, finder, parsed, type ProviderContract } from './contract.ts'
import { isObject, type JsonObject, readContract } from './folder.ts'
import { type Check, openValidator } from './json-schema.ts'
import { type Endpoint, endpointOperation, queryOf } from './listed-endpoints.ts'

export function openAirtableContract(): ProviderContract {
  const document = readContract('airtable.schema.json')
  const reading = { document: 'airtable', isClosed: true }
  const requests = openValidator(document, ['$defs'], reading)
  const texts = openValidator(document, ['$defs'], reading, true)
  const answers = openValidator(document, ['$defs'], reading)
  const table = '/v0/{baseId}/{tableIdOrName}'
  const hook = '/v0/bases/{baseId}/webhooks/{webhookId}'
  const named = answers.named
  const is = (check: Check) => () => check
  const upsertOrUpdate = ({ body }: Call) => {
    const sent = parsed(body)
    return named(
      isObject(sent) && 'performUpsert' in sent ? 'UpsertRecordsResponse' : 'UpdateRecordsResponse',
    )
  }
  const fieldsById = { returnFieldsByFieldId: { type: 'boolean' } }
  const listed: Endpoint[] = [
    {
      id: 'GET records',
      template: table,
      query: texts.named('ListRecordsQuery'),
      answer: is(named('ListRecordsResponse')),
    },
    {
      id: 'POST records/listRecords',
      template: `${table}/listRecords`,
      body: requests.named('ListRecordsQuery'),
      answer: is(named('ListRecordsResponse')),
    },
    {
      id: 'GET record',
      template: `${table}/{recordId}`,
      query: queryOf(texts, fieldsById),
      answer: is(named('Record')),
    },
    {
      id: 'POST records',
      template: table,
      body: requests.named('CreateRecordsRequest'),
      answer: is(named('CreateRecordsResponse')),
    },
    {
      id: 'PATCH records',
      template: table,
      body: requests.named('UpdateRecordsRequest'),
      answer: upsertOrUpdate,
    },
    {
      id: 'PUT records',
      template: table,
      body: requests.named('UpdateRecordsRequest'),
      answer: upsertOrUpdate,
    },
    {
      id: 'DELETE records',
      template: table,
      query: queryOf(texts, recordIds),
      answer: is(named('DeleteRecordsResponse')),
    },
    {
      id: 'POST webhooks',
      template: '/v0/bases/{baseId}/webhooks',
      body: requests.named('CreateWebhookRequest'),
      answer: is(named('CreateWebhookResponse')),
    },
    { id: 'GET webhooks', template: '/v0/bases/{baseId}/webhooks', answer: is(answers.check(webhooks)) },
    {
      id: 'GET payloads',
      template: `${hook}/payloads`,
      query: queryOf(texts, cursor),
      answer: is(named('ListWebhookPayloadsResponse')),
    },
    { id: 'POST refresh', template: `${hook}/refresh`, answer: is(answers.check(refreshed)) },
    { id: 'DELETE webhook', template: hook, answer: () => 'nothing' },
  ]
  const oneRecord = requests.check(singleRecord)
  const beyond: Endpoint[] = [
    // https://airtable.com/developers/web/api/update-record, delete-record: one record by its own address.
    { id: 'PATCH record', template: `${table}/{recordId}`, body: oneRecord, answer: is(named('Record')) },
    { id: 'PUT record', template: `${table}/{recordId}`, body: oneRecord, answer: is(named('Record')) },
    { id: 'DELETE record', template: `${table}/{recordId}`, answer: is(answers.check(deleted)) },
    // https://airtable.com/developers/web/api/get-user-id-scopes, list-bases, get-base-schema,
    // enable-disable-webhook-notifications
    { id: 'GET whoami', template: '/v0/meta/whoami', answer: is(answers.check(whoami)) },
    {
      id: 'GET bases',
      template: '/v0/meta/bases',
      query: queryOf(texts, { offset: { type: 'string' } }),
      answer: is(answers.check(bases)),
    },
    { id: 'GET tables', template: '/v0/meta/bases/{baseId}/tables', answer: is(answers.check(tables)) },
    {
      id: 'POST enableNotifications',
      template: `${hook}/enableNotifications`,
      body: requests.check(enable),
      answer: () => 'nothing',
    },
  ]
  const error = named('Error')
  const limited = named('RateLimitError')
  const ping = named('WebhookNotification')
  return {
    find: finder([
      ...listed.map((one) => endpointOperation(one)),
      ...beyond.map((one) => endpointOperation(one, false)),
    ]),
    checkError: (status, body) => (status === 429 ? limited(body) : error(body)),
    checkDelivery: (entry: JournalEntry) =>
      entry.operation === 'webhook.ping' ? ping(parsed(entry.requestBody)) : undefined,
  }
}

const text: JsonObject = { type: 'string' }
const recordIds: JsonObject = { records: { type: 'array', items: text, minItems: 1, maxItems: 10 } }
const cursor: JsonObject = {
  cursor: { type: 'integer', minimum: 1 },
  limit: { type: 'integer', minimum: 1, maximum: 50 },
}
const webhooks: JsonObject = {
  type: 'object',
  required: ['webhooks'],
  properties: { webhooks: { type: 'array', items: { $ref: '#/$defs/Webhook' } } },
}
const refreshed: JsonObject = {
  type: 'object',
  required: ['expirationTime'],
  properties: { expirationTime: { type: ['string', 'null'], format: 'date-time' } },
}
const singleRecord: JsonObject = {
  type: 'object',
  required: ['fields'],
  properties: {
    fields: { type: 'object' },
    typecast: { type: 'boolean' },
    returnFieldsByFieldId: { type: 'boolean' },
  },
}
const deleted: JsonObject = {
  type: 'object',
  required: ['id', 'deleted'],
  properties: { id: text, deleted: { const: true } },
}
const whoami: JsonObject = {
  type: 'object',
  required: ['id'],
  properties: { id: text, email: text, scopes: { type: 'array', items: text } },
}
const bases: JsonObject = {
  type: 'object',
  required: ['bases'],
  properties: {
    offset: text,
    bases: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'name', 'permissionLevel'],
        properties: {
          id: { type: 'string', pattern: '^app' },
          name: text,
          permissionLevel: { enum: ['none', 'read', 'comment', 'edit', 'create'] },
        },
      },
    },
  },
}
const field: JsonObject = {
  type: 'object',
  required: ['id', 'name', 'type'],
  properties: {
    id: { type: 'string', pattern: '^fld' },
    name: text,
    type: text,
    description: text,
    options: { type: 'object' },
  },
}
const view: JsonObject = {
  type: 'object',
  required: ['id', 'name', 'type'],
  properties: { id: { type: 'string', pattern: '^viw' }, name: text, type: text },
}
const tables: JsonObject = {
  type: 'object',
  required: ['tables'],
  properties: {
    tables: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'name', 'primaryFieldId', 'fields', 'views'],
        properties: {
          id: { type: 'string', pattern: '^tbl' },
          name: text,
          description: text,
          primaryFieldId: { type: 'string', pattern: '^fld' },
          fields: { type: 'array', items: field },
          views: { type: 'array', items: view },
        },
      },
    },
  },
}
const enable: JsonObject = {
  type: 'object',
  required: ['enable'],
  properties: { enable: { type: 'boolean' } },
}
