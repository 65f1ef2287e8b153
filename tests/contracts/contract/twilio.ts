// Twilio: Messages and Verify from its OpenAPI files, callbacks from the page they are documented on.
import { finder, type ProviderContract } from './contract.ts'
import { decodeFields } from './fields.ts'
import { type JsonObject, readContract } from './folder.ts'
import { openValidator } from './json-schema.ts'
import { openFile } from './open-api.ts'

export function openTwilioContract(): ProviderContract {
  const files = ['twilio.messages.openapi.json', 'twilio.verify.openapi.json'].map((file) =>
    openFile(readContract(file), {
      requests: { document: file, isClosed: true },
      // Nothing is marked as required, but every example has every field.
      answers: { document: file, isClosed: true, isComplete: true, mend: withoutSometimes },
    }),
  )
  const documented = openValidator(readContract('twilio.callbacks.schema.json'), ['$defs'], {
    document: 'callbacks',
  })
  const callback = documented.named('MessageStatusCallback')
  const error = documented.named('RestError')
  const inbound = documented.check(inboundMessage)
  return {
    find: finder(files.flatMap((file) => file.operations)),
    checkError: (status, body) => [
      ...error(body),
      ...((body as JsonObject | undefined)?.['status'] === status ? [] : ['the status inside is another']),
    ],
    checkDelivery: (entry) => {
      const form = decodeFields(new URLSearchParams(entry.requestBody))
      if (entry.operation === 'message.received') return inbound(form)
      if (entry.operation !== `message.${String(form['MessageStatus'])}`) return undefined
      return callback(form)
    },
  }
}

/**
 * Written by hand from https://www.twilio.com/docs/messaging/guides/webhook-request: the files have no
 * incoming message.
 */
const inboundMessage: JsonObject = {
  type: 'object',
  required: [
    'MessageSid',
    'SmsSid',
    'SmsMessageSid',
    'AccountSid',
    'From',
    'To',
    'Body',
    'NumMedia',
    'NumSegments',
  ],
  properties: {
    MessageSid: { type: 'string', pattern: '^(SM|MM)[0-9a-fA-F]{32}$' },
    AccountSid: { type: 'string', pattern: '^AC[0-9a-fA-F]{32}$' },
    MessagingServiceSid: { type: 'string', pattern: '^MG[0-9a-fA-F]{32}$' },
    From: { type: 'string', format: 'phone-number' },
    To: { type: 'string', format: 'phone-number' },
    NumMedia: { type: 'string', pattern: '^[0-9]+$' },
    NumSegments: { type: 'string', pattern: '^[0-9]+$' },
    OptOutType: { enum: ['STOP', 'START', 'HELP'] },
  },
  additionalProperties: { type: 'string' },
}

/** Optional fields: the text of a plan, the details of a check. */
function withoutSometimes(schema: JsonObject): JsonObject {
  return schema
}
