import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { FaultKind } from './faults.ts'
import type { JournalEntry } from './journal.ts'
import { startApplication } from './testing/application.ts'
import { isSigned, sample } from './testing/sample-provider.ts'
import { startWorld } from './testing/world.ts'
import type { World } from './testing/world.ts'

async function worldWith(kind?: FaultKind, more: object = {}) {
  const world = await startWorld()
  if (kind)
    await world.control('POST', '/faults', {
      provider: 'stripe',
      operation: 'note.created',
      kind,
      times: 1,
      ...more,
    })
  const secret = world.sandbox.ctx.keys['STRIPE_WEBHOOK_SECRET'] ?? ''
  return {
    ...world,
    create: (text: string) => world.call('POST', '/v1/notes', { text }),
    texts: () => world.application.hooks().map((hook) => String(JSON.parse(hook.body).text)),
    signed: () =>
      world.application.hooks().map((hook) => isSigned(secret, hook.headers['x-signature'], hook.body)),
  }
}

async function attempts({ control }: World): Promise<JournalEntry[]> {
  const { entries } = (await (await control('GET', '/journal')).json()) as { entries: JournalEntry[] }
  return entries.filter((entry) => entry.kind === 'delivery')
}

test('a webhook arrives once, signed with the webhook secret', async () => {
  const { create, sandbox, texts, signed } = await worldWith()
  await create('hello')
  await sandbox.settled()
  expect(texts()).toEqual(['hello'])
  expect(signed()).toEqual([true])
})

test('a refused webhook is sent again until it is accepted, with a fresh valid signature', async () => {
  const { create, sandbox, application, texts, signed } = await worldWith()
  application.answer.push(500, 302)
  await create('hello')
  await sandbox.settled()
  expect(texts()).toEqual(['hello', 'hello', 'hello'])
  expect(signed()).toEqual([true, true, true])
  expect(application.hooks().map((hook) => hook.status)).toEqual([500, 302, 200])
})

test('a webhook is given up after the retries of its provider', async () => {
  const { create, sandbox, application, texts } = await worldWith()
  application.answer.push(500, 500, 500, 500, 500, 500)
  await create('hello')
  await sandbox.settled()
  expect(texts()).toHaveLength(1 + sample.retryDelaysMs.length)
})

test('a webhook that could not be delivered is delivered after a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-deliveries-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const application = await startApplication()
  onTestFinished(application.close)
  const patient = { ...sample, retryDelaysMs: [1000, 1000, 1000] }
  const before = await startWorld({ dataDir, application, providers: [patient] })
  application.answer.push(500)
  await before.call('POST', '/v1/notes', { text: 'hello' })
  while ((await attempts(before))[0]?.status !== 500)
    await application.until(() => application.hooks().length === 1)
  await before.sandbox.close()
  const after = await startWorld({ dataDir, application, providers: [patient] })
  await after.sandbox.settled()
  expect(application.hooks().map((hook) => hook.status)).toEqual([500, 200])
  expect((await (await after.call('GET', '/v1/notes')).json()).data).toHaveLength(1)
  expect((await attempts(after)).map((one) => one.attempt)).toEqual([1, 2])
})

test('drop loses the webhook', async () => {
  const { create, sandbox, texts } = await worldWith('drop')
  await create('lost')
  await create('found')
  await sandbox.settled()
  expect(texts()).toEqual(['found'])
})

test('duplicate delivers the webhook twice under the same event id', async () => {
  const { create, sandbox, texts, application } = await worldWith('duplicate')
  await create('twice')
  await sandbox.settled()
  expect(texts()).toEqual(['twice', 'twice'])
  expect(new Set(application.hooks().map((hook) => JSON.parse(hook.body).id)).size).toBe(1)
})

test('delay lets later webhooks pass', async () => {
  const { create, sandbox, application, texts } = await worldWith('delay', { delayMs: 1500 })
  await create('late')
  await create('in time')
  await application.until(() => application.hooks().length === 2)
  await sandbox.settled()
  expect(texts()).toEqual(['in time', 'late'])
})

test('reorder swaps the webhook with the next one', async () => {
  const { create, sandbox, texts } = await worldWith('reorder', { delayMs: 600_000 })
  await create('first')
  await create('second')
  await sandbox.settled()
  expect(texts()).toEqual(['second', 'first'])
})

test('tamper changes the body after signing; the retry delivers the true one', async () => {
  const { create, sandbox, application, texts, signed } = await worldWith('tamper')
  application.answer.push(400)
  await create('worth 18')
  await sandbox.settled()
  expect(signed()).toEqual([false, true])
  expect(texts()).toEqual(['worth 19', 'worth 18'])
})

test('old_secret signs with a wrong secret; the retry is right', async () => {
  const { create, sandbox, application, signed } = await worldWith('old_secret')
  application.answer.push(400)
  await create('hello')
  await sandbox.settled()
  expect(signed()).toEqual([false, true])
})
