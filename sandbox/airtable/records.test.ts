import { describe, expect, test } from 'vitest'
import { startBase } from './testing/world.ts'

const upsert = (records: { fields: Record<string, unknown> }[], more: object = {}) => ({
  performUpsert: { fieldsToMergeOn: ['Presence ID'] },
  records,
  ...more,
})

describe('the official client', () => {
  test('lists, follows pages, sorts, and filters by formula', async () => {
    const { official } = await startBase()
    const records = await official('Hosts')
      .select({
        pageSize: 2,
        fields: ['Full Name', 'Status'],
        sort: [{ field: 'Full Name', direction: 'desc' }],
        filterByFormula: "AND({Status} = 'Active', {Verification Status} = 'Verified')",
      })
      .all()
    const names = records.map((record) => String(record.get('Full Name')))
    expect(names).toEqual([...names].sort().reverse())
    expect(names).toHaveLength(9)
    expect(Object.keys(records[0]!.fields).sort()).toEqual(['Full Name', 'Status'])
  })

  test('creates, finds, updates, replaces and destroys', async () => {
    const { official } = await startBase()
    const [made] = await official('Likes').create([{ fields: { 'Presence ID': 'l1', 'Is Mutual': true } }])
    const found = await official('Likes').find(made!.id)
    expect(found.fields).toEqual({ 'Presence ID': 'l1', 'Is Mutual': true })
    await official('Likes').update([{ id: made!.id, fields: { 'Host Name': 'Amelia' } }])
    expect((await official('Likes').find(made!.id)).fields).toEqual({
      'Presence ID': 'l1',
      'Is Mutual': true,
      'Host Name': 'Amelia',
    })
    await official('Likes').replace([{ id: made!.id, fields: { 'Presence ID': 'l2' } }])
    expect((await official('Likes').find(made!.id)).fields).toEqual({ 'Presence ID': 'l2' })
    await official('Likes').destroy([made!.id])
    await expect(official('Likes').find(made!.id)).rejects.toMatchObject({ statusCode: 404 })
  })

  test('lists by POST when the formula is too long for a URL', async () => {
    const { official } = await startBase()
    const long = `OR(${Array.from({ length: 700 }, (_, index) => `{Full Name} = 'Nobody ${index}'`).join(', ')}, {Full Name} = 'Amelia Hart')`
    const records = await official('Hosts').select({ filterByFormula: long }).all()
    expect(records.map((record) => record.get('Full Name'))).toEqual(['Amelia Hart'])
  })
})

describe('upsert', () => {
  test('creates new records, updates existing ones, and says which', async () => {
    const { call, table } = await startBase()
    const first = await call(
      'PATCH',
      table('Likes'),
      upsert([{ fields: { 'Presence ID': 'a', 'Host Name': 'One' } }]),
    )
    const second = await call(
      'PATCH',
      table('Likes'),
      upsert([{ fields: { 'Presence ID': 'a', 'Member Name': 'Two' } }, { fields: { 'Presence ID': 'b' } }]),
    )
    const [id] = first.body.createdRecords
    expect(second.body.updatedRecords).toEqual([id])
    expect(second.body.createdRecords).toHaveLength(1)
    expect(second.body.records[0]!.fields).toEqual({
      'Presence ID': 'a',
      'Host Name': 'One',
      'Member Name': 'Two',
    })
  })

  test('fails for a key that two rows share, and changes nothing', async () => {
    const { call, table } = await startBase()
    await call('POST', table('Likes'), {
      records: [{ fields: { 'Presence ID': 'a' } }, { fields: { 'Presence ID': 'a' } }],
    })
    const answer = await call(
      'PATCH',
      table('Likes'),
      upsert([{ fields: { 'Presence ID': 'c' } }, { fields: { 'Presence ID': 'a' } }]),
    )
    expect(answer.status).toBe(422)
    expect((await call('GET', table('Likes'))).body.records).toHaveLength(2)
  })

  test('refuses a record without a value to merge on', async () => {
    const { call, table } = await startBase()
    expect((await call('PATCH', table('Likes'), upsert([{ fields: { 'Host Name': 'x' } }]))).status).toBe(422)
  })
})

describe('cells', () => {
  test('an answer leaves out empty cells: false, empty text, empty list', async () => {
    const { call, table } = await startBase()
    const { body } = await call('POST', table('Members'), {
      fields: {
        'Presence ID': 'm',
        'Member Agreement Accepted': false,
        Email: '',
        'Presence Operations': [],
      },
    })
    expect(body.fields).toEqual({ 'Presence ID': 'm' })
  })

  test('a new select option is refused without typecast and added with it', async () => {
    const { call, table } = await startBase()
    const fields = { 'Presence ID': 'o', 'Booking Status': 'Dancing' }
    const refused = await call('POST', table('Presence Operations'), { fields })
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { type: 'INVALID_MULTIPLE_CHOICE_OPTIONS' } },
    })
    expect((await call('POST', table('Presence Operations'), { fields, typecast: true })).status).toBe(200)
    expect((await call('POST', table('Presence Operations'), { fields })).status).toBe(200)
  })

  test('text is refused for money without typecast and read with it', async () => {
    const { call, table } = await startBase()
    const fields = { 'Presence ID': 'o', 'Amount (AUD)': '$18.00' }
    expect(await call('POST', table('Presence Operations'), { fields })).toMatchObject({
      status: 422,
      body: { error: { type: 'INVALID_VALUE_FOR_COLUMN' } },
    })
    const cast = await call('POST', table('Presence Operations'), { fields, typecast: true })
    expect(cast.body.fields['Amount (AUD)']).toBe(18)
  })

  test('a link shows on both sides and is removed with its row', async () => {
    const { call, table, official } = await startBase()
    const [amelia] = await official('Hosts').select({ filterByFormula: '{Full Name} = "Amelia Hart"' }).all()
    const { body } = await call('POST', table('Presence Operations'), {
      fields: { 'Presence ID': 'o', 'Linked Host': [amelia!.id] },
    })
    expect((await official('Hosts').find(amelia!.id)).get('Presence Operations')).toEqual([body.id])
    await call('DELETE', `${table('Presence Operations')}/${body.id}`)
    expect((await official('Hosts').find(amelia!.id)).get('Presence Operations')).toBeUndefined()
  })

  test('a link to a row that does not exist is refused', async () => {
    const { call, table } = await startBase()
    const answer = await call('POST', table('Presence Operations'), {
      fields: { 'Linked Host': ['rec00000000000000'] },
    })
    expect(answer).toMatchObject({ status: 422, body: { error: { type: 'ROW_DOES_NOT_EXIST' } } })
  })

  test('fields can be named by their ids', async () => {
    const { call, table, baseId } = await startBase()
    const meta = (await call('GET', `/v0/meta/bases/${baseId}/tables`)).body
    const hosts = meta.tables.find((one) => one.name === 'Hosts')!
    const field = hosts.fields[0]!.id
    const { body } = await call(
      'GET',
      `/v0/${baseId}/${hosts.id}?returnFieldsByFieldId=true&fields[]=${field}&maxRecords=1`,
    )
    expect(body.records[0]!.fields).toEqual({ [field]: 'Amelia Hart' })
    expect((await call('GET', `${table('Hosts')}?fields[]=Shoe Size`)).body).toMatchObject({
      error: { type: 'UNKNOWN_FIELD_NAME' },
    })
  })

  test('cellFormat=string answers the text that people see', async () => {
    const { call, table } = await startBase()
    await call('POST', table('Presence Operations'), {
      fields: { 'Presence ID': 'o', 'Amount (AUD)': 18, 'Host Joined': true },
    })
    const { body } = await call(
      'GET',
      `${table('Presence Operations')}?cellFormat=string&timeZone=Australia/Sydney&userLocale=en-au`,
    )
    expect(body.records[0]!.fields).toEqual({
      'Presence ID': 'o',
      'Amount (AUD)': '$18.00',
      'Host Joined': 'checked',
    })
    expect((await call('GET', `${table('Hosts')}?cellFormat=string`)).status).toBe(422)
  })
})

describe('pages', () => {
  test('a page has at most 100 records, and an expired offset is refused', async () => {
    const { call, table } = await startBase()
    for (let at = 0; at < 11; at++) {
      await call('POST', table('Likes'), {
        records: Array.from({ length: 10 }, (_, index) => ({ fields: { 'Presence ID': `${at}-${index}` } })),
      })
    }
    const first = (await call('GET', `${table('Likes')}?pageSize=500`)).body
    expect(first.records).toHaveLength(100)
    const second = (await call('GET', `${table('Likes')}?offset=${first.offset}`)).body
    expect(second.records).toHaveLength(10)
    expect(second.offset).toBeUndefined()
    await call('DELETE', `${table('Likes')}/${first.records[99]!.id}`)
    expect((await call('GET', `${table('Likes')}?offset=${first.offset}`)).body).toMatchObject({
      error: { type: 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE' },
    })
  })

  test('maxRecords counts records over all pages', async () => {
    const { official } = await startBase()
    expect(await official('Hosts').select({ maxRecords: 5, pageSize: 2 }).all()).toHaveLength(5)
  })
})

describe('refusals', () => {
  test('no token is 401, another base or table 403, another record 404', async () => {
    const { call, table, baseId } = await startBase()
    expect((await call('GET', table('Hosts'), undefined, { authorization: 'Bearer other' })).status).toBe(401)
    expect((await call('GET', `/v0/app00000000000000/Hosts`)).body).toMatchObject({
      error: { type: 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND' },
    })
    expect((await call('GET', `/v0/${baseId}/Guests`)).status).toBe(403)
    expect(await call('GET', `${table('Hosts')}/rec00000000000000`)).toEqual({
      status: 404,
      body: { error: 'NOT_FOUND' },
    })
  })

  test('more than ten records, a body that is not JSON and an unknown row are refused', async () => {
    const { call, table } = await startBase()
    const eleven = Array.from({ length: 11 }, () => ({ fields: {} }))
    expect((await call('POST', table('Likes'), { records: eleven })).status).toBe(422)
    expect((await call('POST', table('Likes'), '{')).status).toBe(400)
    expect(
      (await call('PATCH', table('Likes'), { records: [{ id: 'rec00000000000000', fields: {} }] })).body,
    ).toMatchObject({ error: { type: 'ROW_DOES_NOT_EXIST' } })
  })

  test('one bad record in a request refuses the good ones too', async () => {
    const { call, table } = await startBase()
    const records = [{ fields: { 'Presence ID': 'good' } }, { fields: { Nonsense: 1 } }]
    expect((await call('POST', table('Likes'), { records })).status).toBe(422)
    expect((await call('GET', table('Likes'))).body.records).toEqual([])
  })
})
