// Every operation of Airtable that the sandbox covers, and its refusals: by the official package where it has
// a method, else by fetch.
import AirtableSdk from 'airtable'
import { type Answer, must, type Outside, refusal } from './world.ts'

export function airtableBase(
  { url, keys }: Pick<Outside, 'url' | 'keys'>,
  apiKey = keys['AIRTABLE_ACCESS_TOKEN']!,
): AirtableSdk.Base {
  return new AirtableSdk({ apiKey, endpointUrl: url, noRetryIfRateLimited: true }).base(
    keys['AIRTABLE_BASE_ID']!,
  )
}

export type Airtable = (method: string, path: string, body?: unknown) => Promise<Answer>

export function airtableClient({ call, keys }: Pick<Outside, 'call' | 'keys'>): Airtable {
  return (method, path, body) =>
    call(method, `/v0${path}`, body, { authorization: `Bearer ${keys['AIRTABLE_ACCESS_TOKEN']}` })
}

export async function useAirtable(outside: Outside): Promise<void> {
  const { keys } = outside
  const airtable = airtableClient(outside)
  const ok = async (method: string, path: string, body?: unknown) => {
    const answer = await airtable(method, path, body)
    must(answer.status === 200, `${method} ${path} answers ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const base = keys['AIRTABLE_BASE_ID']!
  await ok('GET', '/meta/whoami')
  await ok('GET', '/meta/bases')
  const { tables } = await ok('GET', `/meta/bases/${base}/tables`)
  const tableId = tables.find((one: { name: string }) => one.name === 'Likes').id as string
  await hooks(ok, outside, base)
  await records(ok, outside, base, tableId)
  await refusals(airtable, outside, base, tableId)
}

type Ok = (method: string, path: string, body?: unknown) => Promise<Answer['body']>

async function hooks(ok: Ok, { receiver }: Outside, base: string): Promise<void> {
  const specification = { options: { filters: { dataTypes: ['tableData'] } } }
  const hook = await ok('POST', `/bases/${base}/webhooks`, {
    notificationUrl: `${receiver.url}/hook`,
    specification,
  })
  const spare = await ok('POST', `/bases/${base}/webhooks`, { specification })
  await ok('GET', `/bases/${base}/webhooks`)
  await ok('POST', `/bases/${base}/webhooks/${hook.id}/refresh`)
  await ok('POST', `/bases/${base}/webhooks/${hook.id}/enableNotifications`, { enable: true })
  await ok('PATCH', `/${base}/Likes`, {
    performUpsert: { fieldsToMergeOn: ['Presence ID'] },
    records: [{ fields: { 'Presence ID': 'l0' } }],
  })
  await ok('GET', `/bases/${base}/webhooks/${hook.id}/payloads?cursor=1&limit=5`)
  await ok('DELETE', `/bases/${base}/webhooks/${spare.id}`)
}

async function records(ok: Ok, outside: Outside, base: string, tableId: string): Promise<void> {
  const likes = airtableBase(outside)('Likes')
  const made = await likes.create([
    { fields: { 'Presence ID': 'l1', 'Host Name': 'Amelia' } },
    { fields: { 'Presence ID': 'l2' } },
  ])
  await likes.update([{ id: made[0]!.id, fields: { 'Member Name': 'Sam' } }])
  await likes.update(made[0]!.id, { 'Is Mutual': true })
  await likes.replace([{ id: made[1]!.id, fields: { 'Presence ID': 'l3' } }])
  await likes.replace(made[1]!.id, { 'Presence ID': 'l4' })
  await likes.find(made[0]!.id)
  await likes
    .select({
      filterByFormula: "{Presence ID} = 'l1'",
      sort: [{ field: 'Presence ID', direction: 'desc' }],
      fields: ['Presence ID'],
    })
    .all()
  await likes.select({ pageSize: 1, maxRecords: 2 }).all()
  await ok('POST', `/${base}/${tableId}/listRecords`, {
    pageSize: 2,
    fields: ['Presence ID'],
    returnFieldsByFieldId: true,
  })
  await ok('PATCH', `/${base}/${tableId}`, {
    performUpsert: { fieldsToMergeOn: ['Presence ID'] },
    typecast: true,
    records: [{ fields: { 'Presence ID': 'l4' } }, { fields: { 'Presence ID': 'l5' } }],
  })
  await likes.destroy([made[0]!.id])
  await likes.destroy(made[1]!.id)
}

async function refusals(airtable: Airtable, outside: Outside, base: string, tableId: string): Promise<void> {
  const is = async (status: number, method: string, path: string, body?: unknown) => {
    const answer = await airtable(method, path, body)
    must(
      answer.status === status,
      `${method} ${path} answers ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`,
    )
  }
  await is(403, 'GET', `/${base}/Nothing`)
  await is(403, 'GET', `/app00000000000000/${tableId}`)
  await is(404, 'GET', `/${base}/${tableId}/rec00000000000000`)
  await is(422, 'GET', `/${base}/${tableId}?filterByFormula=(`)
  await is(422, 'PATCH', `/${base}/${tableId}`, {
    records: Array.from({ length: 11 }, () => ({ fields: {} })),
    performUpsert: { fieldsToMergeOn: ['Presence ID'] },
  })
  await is(422, 'POST', `/${base}/${tableId}`, { records: [{ fields: { Nonsense: 1 } }] })
  await is(422, 'POST', `/${base}/Hosts`, { records: [{ fields: { Status: 'Sleeping' } }] })
  await is(422, 'GET', `/${base}/${tableId}?offset=itrlong/gone`)
  await is(404, 'POST', `/bases/${base}/webhooks/ach00000000000000/refresh`)
  must(
    (await refusal(airtableBase(outside, 'pat.wrong')('Likes').select().firstPage())).status === 401,
    'a wrong token is accepted',
  )
}
