import {
  fetchBaseTables,
  listBaseWebhooks,
  tryReading,
  tryWriting,
} from '../../../server/integrations/airtable-base.ts'
import {
  createAirtableWebhook,
  deleteRecord,
  missingFields,
  readTable,
  refreshAirtableWebhook,
  updateRecord,
  upsertRecords,
} from '../../../server/integrations/airtable.ts'
import { learnIds } from '../../../server/integrations/airtable-ids.ts'
import { must, refusal } from '../use/world.ts'
import type { Ours } from './clients.ts'

export async function callAirtable({ clients: { airtable }, outside }: Ours): Promise<void> {
  await learnIds(airtable)
  const [table] = await fetchBaseTables(airtable)
  await tryReading(airtable, table!.id)
  await tryWriting(airtable, table!.id)
  must((await listBaseWebhooks(airtable)).length === 0, 'a webhook is there already')
  must(
    (await readTable(airtable, 'Hosts'))[0]?.fields['Full Name'] !== undefined,
    'a field is not read by our name',
  )
  const records = Array.from({ length: 10 }, (_, number) => ({
    'Presence ID': `like-${number}`,
    'Host Name': "Grace O'Connor",
    'Is Mutual': true,
  }))
  must((await upsertRecords(airtable, 'Likes', records)).size === 10, 'ten records are not ten')
  await upsertRecords(airtable, 'Likes', [{ 'Presence ID': 'like-1', Status: 'A new status' }])
  const [leaving] = await readTable(airtable, 'Likes')
  await updateRecord(airtable, 'Likes', leaving!.id, { Status: 'Leaving' })
  await deleteRecord(airtable, 'Likes', leaving!.id)
  await deleteRecord(airtable, 'Likes', leaving!.id)
  must((await readTable(airtable, 'Likes')).length === 9, 'a deleted row is there')
  must(
    (await refusal(upsertRecords(airtable, 'Likes', [{ 'Presence ID': 'x', Nonsense: 1 }]))).status === 422,
    'a field that nobody made is written',
  )
  must(
    (await missingFields(airtable, 'Likes', ['Status', 'Nonsense'])).join() === 'Nonsense',
    'a missing column is not named',
  )
  must((await refusal(readTable(airtable, 'Nothing'))).status === 403, 'a table that nobody made is read')
  const hook = await createAirtableWebhook(airtable, `${outside.receiver.url}/airtable`, [
    { table: 'Likes', fields: ['Status'] },
  ])
  must(await refreshAirtableWebhook(airtable, hook.id), 'a webhook cannot be refreshed')
  must(
    !(await refreshAirtableWebhook(airtable, 'ach00000000000000')),
    'a webhook that nobody made is refreshed',
  )
  await upsertRecords(airtable, 'Likes', [{ 'Presence ID': 'like-2', Status: 'Pinged' }])
}
