import { expect, test } from 'vitest'
import { minuteMs } from './durations.ts'
import { openFaults } from './faults.ts'
import type { Fault, FaultKind } from './faults.ts'
import { openStore } from './store.ts'
import { startWorld } from './testing/world.ts'

async function worldWith(kind: FaultKind, more: Partial<Fault> = {}) {
  const world = await startWorld()
  const created = await world.control('POST', '/faults', {
    provider: 'stripe',
    operation: 'notes.create',
    kind,
    times: 1,
    ...more,
  })
  expect(created.status).toBe(201)
  const notes = () => world.sandbox.ctx.store.list('stripe.note')
  return { ...world, notes, create: () => world.call('POST', '/v1/notes', { text: 'hello' }) }
}

test('error_before answers an error and does nothing; the next call works', async () => {
  const { create, notes } = await worldWith('error_before')
  const answer = await create()
  expect(answer.status).toBe(500)
  expect(await answer.json()).toMatchObject({ error: { code: 'internal' } })
  expect(notes()).toHaveLength(0)
  expect((await create()).status).toBe(200)
})

test('error_after acts and then answers an error', async () => {
  const { create, notes } = await worldWith('error_after', { status: 502 })
  expect((await create()).status).toBe(502)
  expect(notes()).toHaveLength(1)
})

test('timeout_after acts and then closes the connection without an answer', async () => {
  const { create, notes, control } = await worldWith('timeout_after', { delayMs: 5 })
  await expect(create()).rejects.toThrow('fetch failed')
  expect(notes()).toHaveLength(1)
  expect(JSON.stringify(await (await control('GET', '/journal')).json())).toContain('never answered')
})

test('rate_limit answers 429 and does nothing', async () => {
  const { create, notes } = await worldWith('rate_limit')
  const answer = await create()
  expect(answer.status).toBe(429)
  expect(await answer.json()).toMatchObject({ error: { code: 'rate_limited' } })
  expect(notes()).toHaveLength(0)
})

test('slow acts only after its delay', async () => {
  const { create, notes, call } = await worldWith('slow', { delayMs: 1000 })
  const slow = create()
  await call('GET', '/v1/notes')
  expect(notes()).toHaveLength(0)
  expect((await slow).status).toBe(200)
  expect(notes()).toHaveLength(1)
})

test('malformed acts and answers something that is not JSON', async () => {
  const { create, notes } = await worldWith('malformed')
  const answer = await create()
  expect(answer.status).toBe(200)
  await expect(answer.json()).rejects.toThrow('JSON')
  expect(notes()).toHaveLength(1)
})

test('outage refuses every operation until its end on the sandbox clock', async () => {
  const { call, sandbox, control } = await worldWith('outage')
  const untilMs = sandbox.ctx.clock.now() + minuteMs
  await control('DELETE', '/faults')
  await control('POST', '/faults', { provider: 'stripe', kind: 'outage', untilMs })
  expect((await call('GET', '/v1/notes')).status).toBe(503)
  expect((await call('GET', '/v1/notes')).status).toBe(503)
  await control('POST', '/clock', { advanceMs: 61_000 })
  expect((await call('GET', '/v1/notes')).status).toBe(200)
})

test('a fault without a number of times stays until it is deleted', async () => {
  const { create, control } = await worldWith('error_before', { times: undefined })
  expect((await create()).status).toBe(500)
  expect((await create()).status).toBe(500)
  await control('DELETE', '/faults')
  expect((await create()).status).toBe(200)
})

test('a fault for one operation leaves the others alone', async () => {
  const { call } = await worldWith('error_before')
  expect((await call('GET', '/v1/notes')).status).toBe(200)
})

test('an unknown fault or a misspelt field is refused', async () => {
  const { control } = await startWorld()
  expect((await control('POST', '/faults', { provider: 'stripe', kind: 'explode' })).status).toBe(400)
  expect((await control('POST', '/faults', { provider: 'stripe', kind: 'slow', delay: 5 })).status).toBe(400)
})

test('a seed strikes the same calls every time, about as often as its probability', () => {
  const run = () => {
    const faults = openFaults(openStore(':memory:'))
    faults.add({ provider: 'stripe', kind: 'error_before', probability: 0.3, seed: 42 })
    return Array.from(
      { length: 200 },
      () => faults.strike('stripe', 'any', ['error_before'], 0) !== undefined,
    )
  }
  const struck = run()
  expect(run()).toEqual(struck)
  const count = struck.filter(Boolean).length
  expect(count).toBeGreaterThan(30)
  expect(count).toBeLessThan(90)
})

test('faults survive a restart', () => {
  const store = openStore(':memory:')
  openFaults(store).add({ provider: 'daily', kind: 'drop', times: 2 })
  expect(openFaults(store).strike('daily', 'any', ['drop'], 0)).toMatchObject({ kind: 'drop', times: 1 })
})
