import { expect, test } from 'vitest'
import { airtableContract, hasContracts } from './testing/contract.ts'
import { startBase } from './testing/world.ts'

test.skipIf(!hasContracts)('every answer has the shape of the contract (contracts needed)', async () => {
  const { call, table, baseId, application } = await startBase()
  const problems = airtableContract()
  const webhooks = `/v0/bases/${baseId}/webhooks`
  const specification = { options: { filters: { dataTypes: ['tableData'] } } }
  const upsert = {
    performUpsert: { fieldsToMergeOn: ['Presence ID'] },
    records: [{ fields: { 'Presence ID': 'a', 'Is Mutual': true } }],
  }

  const hook = await call('POST', webhooks, { notificationUrl: `${application.url}/hook`, specification })
  expect(problems('CreateWebhookResponse', hook.body)).toEqual([])
  expect(problems('UpsertRecordsResponse', (await call('PATCH', table('Likes'), upsert)).body)).toEqual([])
  expect(problems('UpsertRecordsResponse', (await call('PATCH', table('Likes'), upsert)).body)).toEqual([])
  const made = await call('POST', table('Likes'), { records: [{ fields: {} }] })
  expect(problems('CreateRecordsResponse', made.body)).toEqual([])
  const id = made.body.records[0]!.id
  expect(problems('Record', (await call('GET', `${table('Likes')}/${id}`)).body)).toEqual([])
  const replaced = await call('PUT', table('Likes'), { records: [{ id, fields: { 'Host Name': 'A' } }] })
  expect(problems('UpdateRecordsResponse', replaced.body)).toEqual([])
  expect(problems('ListRecordsResponse', (await call('GET', `${table('Hosts')}?pageSize=5`)).body)).toEqual(
    [],
  )
  expect(
    problems('DeleteRecordsResponse', (await call('DELETE', `${table('Likes')}?records[]=${id}`)).body),
  ).toEqual([])
  expect(
    problems('ListWebhookPayloadsResponse', (await call('GET', `${webhooks}/${hook.body.id}/payloads`)).body),
  ).toEqual([])
  for (const webhook of (await call('GET', webhooks)).body.webhooks)
    expect(problems('Webhook', webhook)).toEqual([])
  await application.until(() => application.hooks().length > 0)
  expect(problems('WebhookNotification', JSON.parse(application.hooks()[0]!.body))).toEqual([])
  for (const path of [
    `/v0/${baseId}/Nothing`,
    `${table('Hosts')}/rec00000000000000`,
    `${table('Hosts')}?filterByFormula=(`,
  ]) {
    expect(problems('Error', (await call('GET', path)).body)).toEqual([])
  }
})

test.skipIf(!hasContracts)('the contract notices a shape that is wrong (contracts needed)', () => {
  expect(airtableContract()('Record', { id: 'nope', fields: {} })).not.toEqual([])
})
