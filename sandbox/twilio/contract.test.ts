import { expect, test } from 'vitest'
import { twilioSignature } from './signature.ts'
import { contractCheck, hasContracts, readContract } from './testing/contract.ts'
import { startTwilio } from './testing/world.ts'

const mia = '+61491570156'
const messages = 'twilio.messages.openapi.json'
const verifyFile = 'twilio.verify.openapi.json'
const answerOf = (path: string) => `#/paths/${path}/get/responses/200/content/application~1json/schema`

test.skipIf(!hasContracts)(
  'messages, their lists, errors and callbacks have the published shapes (contracts needed)',
  async () => {
    const world = await startTwilio()
    const isMessage = contractCheck(messages, '#/components/schemas/api.v2010.account.message')
    const isList = contractCheck(
      messages,
      answerOf('~12010-04-01~1Accounts~1%7BAccountSid%7D~1Messages.json'),
    )
    const isError = contractCheck('twilio.callbacks.schema.json', '#/$defs/RestError')
    const isCallback = contractCheck('twilio.callbacks.schema.json', '#/$defs/MessageStatusCallback')

    const form = {
      To: mia,
      Body: 'Hello',
      MessagingServiceSid: world.keys.TWILIO_MESSAGING_SERVICE_SID,
      StatusCallback: `${world.application.url}/functions/v1/twilio-status`,
    }
    const sent = await world.call('POST', world.messagesPath, form)
    expect([sent.status, isMessage(sent.body)]).toEqual([201, []])
    await world.application.until(() => world.callbacks().length === 3)
    for (const { form: callback } of world.callbacks()) expect(isCallback(callback)).toEqual([])
    const list = await world.call('GET', world.messagesPath)
    expect(isList(list.body)).toEqual([])
    for (const message of list.body['messages'] as object[]) expect(isMessage(message)).toEqual([])
    expect(isError((await world.call('POST', world.messagesPath, { To: 'x' })).body)).toEqual([])
    expect(isError((await world.call('GET', '/2010-04-01/Nothing')).body)).toEqual([])
  },
)

test.skipIf(!hasContracts)(
  'verifications, checks and services have the published shapes (contracts needed)',
  async () => {
    const world = await startTwilio()
    const schema = (name: string) => contractCheck(verifyFile, `#/components/schemas/verify.v2.${name}`)
    const service = `/v2/Services/${world.keys.TWILIO_VERIFY_SERVICE_SID}`
    const started = await world.call('POST', `${service}/Verifications`, { To: mia, Channel: 'sms' })
    expect([started.status, schema('service.verification')(started.body)]).toEqual([201, []])
    expect(
      schema('service.verification')(
        (await world.call('GET', `${service}/Verifications/${started.body['sid']}`)).body,
      ),
    ).toEqual([])
    const checked = await world.call('POST', `${service}/VerificationCheck`, { To: mia, Code: '00000' })
    expect([checked.status, schema('service.verification_check')(checked.body)]).toEqual([200, []])
    expect(schema('service')((await world.call('GET', service)).body)).toEqual([])
    const isList = contractCheck(verifyFile, answerOf('~1v2~1Services'))
    expect(isList((await world.call('GET', '/v2/Services')).body)).toEqual([])
  },
)

test.skipIf(!hasContracts)('the contract notices a shape that is wrong (contracts needed)', () => {
  const isMessage = contractCheck(messages, '#/components/schemas/api.v2010.account.message')
  const paths = isMessage({ sid: 'SM1', status: 'flying', date_created: 'today' }).map(
    (problem) => problem.split(' ')[0],
  )
  expect([...new Set(paths)].sort()).toEqual(['/date_created', '/sid', '/status'])
})

type Vector = {
  provider: string
  authToken: string
  url: string
  params: Record<string, string>
  header: { value: string }
  expect: string
}

test.skipIf(!hasContracts)(
  'the published signatures are made from their addresses and parameters (contracts needed)',
  () => {
    const { vectors } = readContract('signature.vectors.json') as { vectors: Vector[] }
    const published = vectors.filter((vector) => vector.provider === 'twilio' && vector.authToken)
    expect(published.length).toBeGreaterThan(2)
    for (const { authToken, url, params, header, expect: expected } of published) {
      expect(twilioSignature(authToken, url, params) === header.value, url).toBe(expected.startsWith('valid'))
    }
  },
)
