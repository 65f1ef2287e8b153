import { describe, expect, test } from 'vitest'
import { dayMs } from '../core/durations.ts'
import { hasContracts, readContract } from './testing/contract.ts'
import { startBase } from './testing/world.ts'
import { contentMac } from './webhook.ts'

async function baseWithWebhook(filters: object = {}, includes?: object) {
  const base = await startBase()
  const all = `/v0/bases/${base.baseId}/webhooks`
  const made = await base.call('POST', all, {
    notificationUrl: `${base.application.url}/hook`,
    specification: {
      options: { filters: { dataTypes: ['tableData'], ...filters }, ...(includes ? { includes } : {}) },
    },
  })
  const tables = (await base.call('GET', `/v0/meta/bases/${base.baseId}/tables`)).body.tables
  const like = (presenceId: string) =>
    base.call('POST', base.table('Likes'), { fields: { 'Presence ID': presenceId } })
  return {
    ...base,
    all,
    made: made.body,
    like,
    payloads: async (query = '') => (await base.call('GET', `${all}/${made.body.id}/payloads${query}`)).body,
    tableOf: (name: string) => tables.find((one) => one.name === name)!,
  }
}

const fieldOf = (table: { fields: { id: string; name: string }[] }, name: string) =>
  table.fields.find((field) => field.name === name)!.id

describe('a change', () => {
  test('pings without data, signed with the decoded secret of that webhook', async () => {
    const { made, like, application, baseId } = await baseWithWebhook()
    await like('a')
    await application.until(() => application.hooks().length === 1)
    const [ping] = application.hooks()
    expect(JSON.parse(ping!.body)).toEqual({
      base: { id: baseId },
      webhook: { id: made.id },
      timestamp: expect.any(String),
    })
    expect(ping!.headers['x-airtable-content-mac']).toBe(contentMac(made.macSecretBase64, ping!.body))
  })

  test('is read once, with the cursor', async () => {
    const { like, payloads, tableOf } = await baseWithWebhook()
    const likes = tableOf('Likes')
    const { body } = await like('a')
    const first = await payloads()
    expect(first.payloads).toHaveLength(1)
    expect(first.payloads[0]!.changedTablesById[likes.id]!['createdRecordsById']![body.id]).toMatchObject({
      cellValuesByFieldId: { [fieldOf(likes, 'Presence ID')]: 'a' },
    })
    expect(await payloads(`?cursor=${first.cursor}`)).toMatchObject({
      cursor: first.cursor,
      mightHaveMore: false,
      payloads: [],
    })
    await like('b')
    expect((await payloads(`?cursor=${first.cursor}`)).payloads).toHaveLength(1)
  })

  test('comes in pages of at most 50, and says whether there is more', async () => {
    const { like, payloads } = await baseWithWebhook()
    for (let at = 0; at < 52; at++) await like(String(at))
    const first = await payloads('?limit=500')
    expect([first.payloads.length, first.mightHaveMore, first.cursor]).toEqual([50, true, 51])
    const second = await payloads(`?cursor=${first.cursor}`)
    expect([second.payloads.length, second.mightHaveMore, second.cursor]).toEqual([2, false, 53])
  })

  test('of a select names the option, and the previous one when asked for', async () => {
    const { call, table, official, payloads, tableOf } = await baseWithWebhook(
      {},
      { includePreviousCellValues: true },
    )
    const [amelia] = await official('Hosts').select({ maxRecords: 1 }).all()
    await call('PATCH', `${table('Hosts')}/${amelia!.id}`, { fields: { Status: 'Inactive' } })
    const hosts = tableOf('Hosts')
    const status = fieldOf(hosts, 'Status')
    const {
      payloads: [payload],
    } = await payloads()
    expect(payload!.changedTablesById[hosts.id]!['changedRecordsById']![amelia!.id]).toMatchObject({
      current: { cellValuesByFieldId: { [status]: { name: 'Inactive' } } },
      previous: { cellValuesByFieldId: { [status]: { name: 'Active' } } },
    })
  })

  test('that changes no cell makes no payload', async () => {
    const { call, table, official, payloads } = await baseWithWebhook()
    const [amelia] = await official('Hosts').select({ maxRecords: 1 }).all()
    await call('PATCH', `${table('Hosts')}/${amelia!.id}`, { fields: { Status: 'Active' } })
    expect((await payloads()).payloads).toEqual([])
  })

  test("counts as an operator's in the console and as a program's with a token", async () => {
    const { call, table, payloads, sandbox } = await baseWithWebhook({ fromSources: ['client'] })
    await call('POST', table('Likes'), { fields: { 'Presence ID': 'program' } })
    await call(
      'POST',
      table('Likes'),
      { fields: { 'Presence ID': 'operator' } },
      { origin: sandbox.ctx.baseUrl },
    )
    const { payloads: seen } = await payloads()
    expect(seen.map((payload) => payload.actionMetadata.source)).toEqual(['client'])
  })

  test('of a table that is not watched makes no payload', async () => {
    const other = await baseWithWebhook()
    const watched = other.tableOf('Refunds').id
    const { body } = await other.call('POST', other.all, {
      specification: { options: { filters: { dataTypes: ['tableData'], recordChangeScope: watched } } },
    })
    await other.like('a')
    expect((await other.call('GET', `${other.all}/${body.id}/payloads`)).body.payloads).toEqual([])
  })
})

describe('a webhook', () => {
  test('expires after seven days and works again once it is refreshed', async () => {
    const { sandbox, like, call, all, made, application } = await baseWithWebhook()
    sandbox.ctx.clock.setOffset(7 * dayMs + 1000)
    await like('unseen')
    expect((await call('GET', all)).body.webhooks).toMatchObject([
      { isHookEnabled: false, cursorForNextPayload: 1 },
    ])
    expect((await call('POST', `${all}/${made.id}/refresh`)).status).toBe(200)
    await like('seen')
    await application.until(() => application.hooks().length === 1)
    expect((await call('GET', all)).body.webhooks).toMatchObject([
      { isHookEnabled: true, cursorForNextPayload: 2 },
    ])
  })

  test('lives seven days longer when its payloads are read', async () => {
    const { sandbox, payloads, call, all, made } = await baseWithWebhook()
    sandbox.ctx.clock.setOffset(5 * dayMs)
    await payloads()
    const { body } = await call('GET', all)
    expect(Date.parse(body.webhooks[0]!.expirationTime) - Date.parse(made.expirationTime)).toBeGreaterThan(
      4 * dayMs,
    )
  })

  test('sends no ping after deletion and is not found', async () => {
    const { sandbox, like, payloads, call, all, made, application } = await baseWithWebhook()
    await call('DELETE', `${all}/${made.id}`)
    await like('a')
    await sandbox.settled()
    expect(application.hooks()).toEqual([])
    expect(await payloads()).toEqual({ error: 'NOT_FOUND' })
  })
})

test.skipIf(!hasContracts)(
  'the published signature is made from its body and secret (contracts needed)',
  () => {
    type Vector = { provider: string; secretBase64: string; body: string; header: { value: string } }
    const { vectors } = readContract('signature.vectors.json') as { vectors: Vector[] }
    const published = vectors.filter((vector) => vector.provider === 'airtable')
    expect(published.length).toBeGreaterThan(0)
    for (const { secretBase64, body, header } of published)
      expect(contentMac(secretBase64, body)).toBe(header.value)
  },
)
