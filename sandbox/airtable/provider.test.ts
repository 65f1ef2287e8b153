import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onTestFinished } from 'vitest'
import { startSandbox } from '../core/start.ts'
import { airtable, airtablePages } from './provider.ts'
import { rowsOf } from './rows.ts'
import { startBase } from './testing/world.ts'

describe('the limit of a base', () => {
  const limited = async () => {
    const base = await startBase()
    base.sandbox.ctx.store.put('core.limits', 'limits', { on: true })
    // Stops the clock, so that slow machines stay within one second.
    const stand = (atMs: number) => Object.assign(base.sandbox.ctx.clock, { now: () => atMs })
    stand(1_000_000)
    return { ...base, stand, list: async () => (await base.call('GET', base.table('Hosts'))).status }
  }

  test('allows five requests a second and refuses for 30 seconds after the sixth', async () => {
    const { list, stand } = await limited()
    const statuses = []
    for (let at = 0; at < 7; at++) statuses.push(await list())
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    stand(1_000_000 + 29_999)
    expect(await list()).toBe(429)
    stand(1_000_000 + 30_000)
    expect(await list()).toBe(200)
  })

  test('does not count calls that concern no base', async () => {
    const { call, list } = await limited()
    for (let at = 0; at < 8; at++) expect((await call('GET', '/v0/meta/bases')).status).toBe(200)
    expect(await list()).toBe(200)
  })
})

test('a restart keeps the changes of operators and does not seed again', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-airtable-'))
  const options = {
    port: 0,
    dataDir,
    appUrl: 'http://127.0.0.1:9',
    providers: [airtable],
    pages: [airtablePages],
  }
  const first = await startSandbox(options)
  const [amelia] = rowsOf(first.ctx.store, 'Hosts')
  const path = `/v0/${first.ctx.keys['AIRTABLE_BASE_ID']}/Hosts/${amelia!.id}`
  const headers = { authorization: `Bearer ${first.ctx.keys['AIRTABLE_ACCESS_TOKEN']}` }
  expect((await fetch(first.baseUrl + path, { method: 'DELETE', headers })).status).toBe(200)
  await first.close()
  const second = await startSandbox(options)
  onTestFinished(() => second.close())
  expect((await fetch(second.baseUrl + path, { headers })).status).toBe(404)
  const [next] = rowsOf(second.ctx.store, 'Hosts')
  expect(next!.fields['Profile Photo']).toMatchObject([{ url: expect.stringContaining(second.baseUrl) }])
})

test("a path that is not covered answers in Airtable's shape", async () => {
  const { call } = await startBase()
  expect(await call('GET', '/v0/meta/enterpriseAccounts/1/users')).toEqual({
    status: 404,
    body: { error: 'NOT_FOUND' },
  })
})
