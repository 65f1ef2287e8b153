// Daily: the endpoints and schemas of its generated client, events as its pages show them.
import { finder, parsed, type ProviderContract } from './contract.ts'
import { isObject, type Json, type JsonObject, readContract } from './folder.ts'
import { type Check, openValidator } from './json-schema.ts'
import { endpointOperation, queryOf } from './listed-endpoints.ts'

type Listed = Record<string, { body?: string; query?: string[]; 200?: string }>

const numeric: Json = { type: 'integer' }
const text: Json = { type: 'string' }
// https://docs.daily.co/reference/rest-api/meetings: the file names no query for these.
const queries: Record<string, JsonObject> = {
  'GET /rooms': { limit: numeric, starting_after: text, ending_before: text },
  'GET /meetings': {
    room: text,
    timeframe_start: numeric,
    timeframe_end: numeric,
    limit: numeric,
    starting_after: text,
    ending_before: text,
    ongoing: { type: 'boolean' },
    no_participants: { type: 'boolean' },
  },
  'GET /rooms/{name}/presence': { limit: numeric, userId: text, userName: text },
  'GET /meetings/{meeting}/participants': { limit: numeric, joined_after: text, joined_before: text },
  'GET /meeting-tokens/{token}': { ignoreNbf: { type: 'boolean' } },
}

export function openDailyContract(): ProviderContract {
  const document = readContract('daily.schema.json')
  const reading = { document: 'daily', mend, isClosed: true }
  const requests = openValidator(document, ['$defs'], reading)
  const texts = openValidator(document, ['$defs'], reading, true)
  const answers = openValidator(document, ['$defs'], reading)
  const operations = Object.entries(document['x-endpoints'] as unknown as Listed).map(
    ([id, { body, 200: answer }]) => {
      const template = `/v1${id.split(' ')[1]}`
      const check = answer ? answers.check(answerSchema(id, answer)) : ('nothing' as const)
      const query = queries[id]
      return endpointOperation({
        id,
        template,
        ...(query ? { query: queryOf(texts, query) } : {}),
        ...(body ? { body: requests.named(body) } : {}),
        answer: () => (id === 'DELETE /webhooks/{uuid}' ? answers.check(anything) : check),
      })
    },
  )
  const presence = endpointOperation(
    {
      id: 'GET /presence',
      template: '/v1/presence',
      answer: () => answers.check(presenceByRoom),
    },
    false,
  )
  const error = answers.named('Error')
  const events: Record<string, Check> = {
    'participant.joined': answers.named('ParticipantJoined'),
    'participant.left': answers.named('ParticipantLeft'),
    'meeting.started': answers.named('MeetingStarted'),
    'meeting.ended': answers.named('MeetingEnded'),
    'waiting-participant.joined': answers.named('WaitingParticipantJoined'),
    'waiting-participant.left': answers.named('WaitingParticipantLeft'),
    'webhook.test': answers.named('WebhookTestRequest'),
  }
  return {
    find: finder([...operations, presence]),
    checkError: (_status, body) => error(body),
    checkDelivery: (entry) => events[entry.operation]?.(parsed(entry.requestBody)),
  }
}

const reference = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` })

function answerSchema(id: string, description: string): JsonObject {
  // "An object that lists the token's properties":
  // https://docs.daily.co/reference/rest-api/meeting-tokens/validate-meeting-token
  if (id === 'GET /meeting-tokens/{token}') return reference('Properties')
  const list = /^array of (\w+)$/.exec(description)
  return list ? { type: 'array', items: reference(list[1]!) } : reference(description)
}

const anything: JsonObject = {}

/** https://docs.daily.co/reference/rest-api/presence: everybody in a call, by room. */
const presenceByRoom: JsonObject = {
  type: 'object',
  additionalProperties: { type: 'array', items: reference('RoomsRoomNamePresenceGetResDataInner') },
}

/**
 * Corrections where the generated client is behind the documentation's pages: texts called objects, the
 * settings of a listed room, the most people in a meeting, and the people of a meeting, whose schema repeats
 * the meeting.
 */
function mend(schema: JsonObject): JsonObject {
  if (schema['x-source'] === 'daily-ruby docs/MeetingParticipantsGetResDataInner.md')
    return reference('GetMeetingInfo200ResponseDataInnerParticipantsInner')
  const properties = schema['properties']
  if (!isObject(properties)) return schema
  const mended = { ...properties }
  const isBare = (value: Json | undefined) =>
    isObject(value) && value['type'] === 'object' && Object.keys(value).length === 1
  for (const name of ['user_id', 'user_name'])
    if (isBare(mended[name])) mended[name] = { type: ['string', 'null'] }
  if ('config' in mended) mended['config'] = reference('RoomProperties')
  if ('ongoing' in mended) mended['max_participants'] = { type: 'integer' }
  return { ...schema, properties: mended }
}
