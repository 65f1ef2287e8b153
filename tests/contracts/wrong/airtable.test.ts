import { expect } from 'vitest'
import { airtableBase, airtableClient } from '../use/airtable.ts'
import type { Outside } from '../use/world.ts'
import { dayMs, hourMs } from '../../../server/lib/time.ts'
import { commonlyWrong } from './lines.ts'

const baseOf = ({ keys }: Outside) => keys['AIRTABLE_BASE_ID']!
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, number) => ({ fields: { 'Presence ID': `row-${from + number}` } }))

commonlyWrong('Airtable', (line) => {
  line(
    'At most 10 records per write, 100 per page; follow `offset` until absent; an old `offset` expires (422).',
    async (outside) => {
      const airtable = airtableClient(outside)
      const likes = `/${baseOf(outside)}/Likes`
      expect([
        (await airtable('POST', likes, { records: rows(11) })).status,
        (await airtable('POST', likes, { records: rows(10) })).status,
      ]).toEqual([422, 200])
      for (let made = 10; made < 120; made += 10) await airtable('POST', likes, { records: rows(10, made) })
      const first = await airtable('GET', `${likes}?pageSize=100`)
      expect([first.body.records.length, typeof first.body.offset]).toEqual([100, 'string'])
      const rest = await airtable(
        'GET',
        `${likes}?pageSize=100&offset=${encodeURIComponent(first.body.offset)}`,
      )
      expect([rest.body.records.length, rest.body.offset]).toEqual([20, undefined])
      expect(await airtableBase(outside)('Likes').select().all()).toHaveLength(120)
      await outside.advance(hourMs)
      const late = await airtable(
        'GET',
        `${likes}?pageSize=100&offset=${encodeURIComponent(first.body.offset)}`,
      )
      expect([late.status, late.body.error.type]).toEqual([422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE'])
    },
  )

  line(
    'Empty cells are missing from `fields`. Values written to selects fail without `typecast`.',
    async (outside) => {
      const airtable = airtableClient(outside)
      const likes = `/${baseOf(outside)}/Likes`
      const fields = { 'Presence ID': 'empty', 'Host Name': '', 'Is Mutual': false }
      expect((await airtable('POST', likes, { records: [{ fields }] })).body.records[0].fields).toEqual({
        'Presence ID': 'empty',
      })
      const status = { records: [{ fields: { 'Presence ID': 'select', Status: 'A status nobody made' } }] }
      const refused = await airtable('POST', likes, status)
      expect([refused.status, refused.body.error.type]).toEqual([422, 'INVALID_MULTIPLE_CHOICE_OPTIONS'])
      expect((await airtable('POST', likes, { ...status, typecast: true })).status).toBe(200)
      for (const path of ['/app00000000000000/Likes', `/${baseOf(outside)}/Nothing`])
        expect((await airtable('GET', path)).status).toBe(403)
      const name = `Grace "G" O'Connor`
      await airtable('POST', likes, { records: [{ fields: { 'Presence ID': 'quoted', 'Host Name': name } }] })
      const find = (formula: string) =>
        airtable('GET', `${likes}?filterByFormula=${encodeURIComponent(formula)}`)
      expect((await find(`{Host Name} = '${name}'`)).status).toBe(422)
      expect(
        (await find(`{Host Name} = '${name.replaceAll("'", String.raw`\'`)}'`)).body.records,
      ).toHaveLength(1)
    },
  )

  line(
    'Webhooks live 7 days: refresh or list payloads. The ping is empty; keep the cursor',
    async (outside) => {
      const airtable = airtableClient(outside)
      const hooks = `/bases/${baseOf(outside)}/webhooks`
      const specification = { options: { filters: { dataTypes: ['tableData'] } } }
      const make = async (path: string) =>
        (await airtable('POST', hooks, { notificationUrl: outside.receiver.url + path, specification })).body
          .id as string
      const [kept, read, left] = [await make('/kept'), await make('/read'), await make('/left')]
      const change = (id: string) =>
        airtable('PATCH', `/${baseOf(outside)}/Likes`, {
          performUpsert: { fieldsToMergeOn: ['Presence ID'] },
          records: [{ fields: { 'Presence ID': id } }],
        })
      await change('hook-1')
      await outside.sandbox.settled()
      const pings = (path: string) => outside.receiver.received.filter((one) => one.path === path)
      expect(JSON.parse(pings('/kept')[0]!.body)).toEqual({
        base: { id: baseOf(outside) },
        webhook: { id: kept },
        timestamp: expect.any(String),
      })
      const payloads = async (cursor: number) =>
        (await airtable('GET', `${hooks}/${kept}/payloads?cursor=${cursor}`)).body
      const first = await payloads(1)
      expect([first.payloads.length, first.cursor > 1, first.mightHaveMore]).toEqual([1, true, false])
      const empty = await payloads(first.cursor)
      expect([empty.payloads, empty.cursor]).toEqual([[], first.cursor])
      await outside.advance(5 * dayMs)
      await airtable('POST', `${hooks}/${kept}/refresh`)
      await airtable('GET', `${hooks}/${read}/payloads`)
      await outside.advance(3 * dayMs)
      await change('hook-2')
      await outside.sandbox.settled()
      expect([pings('/kept').length, pings('/read').length, pings('/left').length]).toEqual([2, 2, 1])
      const { webhooks } = (await airtable('GET', hooks)).body
      expect(
        (webhooks as { id: string; isHookEnabled: boolean }[]).find(({ id }) => id === left)?.isHookEnabled,
      ).toBe(false)
    },
  )

  line('Use table and field ids, not names.', async (outside) => {
    const airtable = airtableClient(outside)
    const { tables } = (await airtable('GET', `/meta/bases/${baseOf(outside)}/tables`)).body
    const table = (tables as { id: string; name: string; fields: { id: string; name: string }[] }[]).find(
      ({ name }) => name === 'Likes',
    )!
    const field = table.fields.find(({ name }) => name === 'Presence ID')!
    const made = await airtable('POST', `/${baseOf(outside)}/${table.id}`, {
      records: [{ fields: { [field.id]: 'by id' } }],
      returnFieldsByFieldId: true,
    })
    expect(made.body.records[0].fields).toEqual({ [field.id]: 'by id' })
    const found = await airtable(
      'GET',
      `/${baseOf(outside)}/${table.id}?fields[]=${field.id}&returnFieldsByFieldId=true&filterByFormula=${encodeURIComponent("{Presence ID} = 'by id'")}`,
    )
    expect(found.body.records.map((record: { fields: object }) => record.fields)).toEqual([
      { [field.id]: 'by id' },
    ])
    const upserted = await airtable('PATCH', `/${baseOf(outside)}/${table.id}`, {
      performUpsert: { fieldsToMergeOn: [field.id] },
      records: [{ fields: { [field.id]: 'by id' } }],
    })
    expect(upserted.body.updatedRecords).toEqual([made.body.records[0].id])
  })
})
