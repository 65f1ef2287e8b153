import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { minuteMs } from '../core/durations.ts'
import { dailyShape, hasContracts, vectors } from './testing/contracts.ts'
import { startDaily } from './testing/world.ts'
import type { World } from './testing/world.ts'
import { signature } from './webhook.ts'

const events = ['participant.joined', 'participant.left', 'meeting.started', 'meeting.ended']

async function visit(world: World) {
  const { name, token } = await world.room()
  const { sessionId } = (await world.post(`/_sandbox/daily/rooms/${name}/join`, { token: await token() }))
    .body
  await world.post(`/_sandbox/daily/rooms/${name}/leave`, { sessionId })
  await world.sandbox.settled()
}

describe('webhooks', () => {
  test('the application is registered at the start for all four events and retries', async () => {
    const { api, sandbox, appUrl } = await startDaily()
    expect((await api('GET', '/v1/webhooks')).body).toMatchObject([
      {
        url: `${appUrl}/functions/v1/daily-webhook`,
        hmac: sandbox.ctx.keys['DAILY_WEBHOOK_SECRET'],
        retryType: 'exponential',
        eventTypes: events,
        state: 'ACTIVE',
      },
    ])
  })
  test('every delivery is signed over its millisecond timestamp and body', async () => {
    const world = await startDaily()
    await visit(world)
    expect(world.hooks).toHaveLength(4)
    for (const hook of world.hooks) {
      const timestampMs = Number(hook.headers['x-webhook-timestamp'])
      expect(Math.abs(timestampMs - world.sandbox.ctx.clock.now())).toBeLessThan(minuteMs)
      const right = signature(hook.body, world.sandbox.ctx.keys['DAILY_WEBHOOK_SECRET'] ?? '', timestampMs)
      expect(hook.headers['x-webhook-signature']).toBe(right['X-Webhook-Signature'])
    }
  })
  test('an endpoint must answer the signed test request with 200 before it is registered', async () => {
    const world = await startDaily()
    const hmac = Buffer.from('another secret').toString('base64')
    world.hookStatus.now = 204
    const wanted = { url: `${world.appUrl}/mine`, hmac, eventTypes: ['meeting.ended'] }
    expect((await world.api('POST', '/v1/webhooks', wanted)).status).toBe(400)
    world.hookStatus.now = 200
    const made = await world.api('POST', '/v1/webhooks', wanted)
    expect(made).toMatchObject({
      status: 200,
      body: { retryType: 'circuit-breaker', state: 'ACTIVE', failedCount: 0 },
    })
    const ping = world.hooks.at(-1)
    expect(ping?.event).toEqual({ test: 'test' })
    expect(
      signature(ping?.body ?? '', hmac, Number(ping?.headers['x-webhook-timestamp']))['X-Webhook-Signature'],
    ).toBe(ping?.headers['x-webhook-signature'])
    world.hooks.length = 0
    await visit(world)
    const mine = world.hooks.filter((hook) => hook.path === '/mine')
    expect(mine.map((hook) => hook.event['type'])).toEqual(['meeting.ended'])
    expect(
      signature(mine[0]?.body ?? '', hmac, Number(mine[0]?.headers['x-webhook-timestamp']))[
        'X-Webhook-Signature'
      ],
    ).toBe(mine[0]?.headers['x-webhook-signature'])
  })
  test('three failures in a row open the circuit breaker until the webhook is updated', async () => {
    const world = await startDaily()
    const own = (await world.api('GET', '/v1/webhooks')).body[0].uuid
    await world.api('DELETE', `/v1/webhooks/${own}`)
    const made = (
      await world.api('POST', '/v1/webhooks', {
        url: `${world.appUrl}/mine`,
        eventTypes: ['meeting.started'],
      })
    ).body
    world.hookStatus.now = 500
    for (let failures = 0; failures < 3; failures++) {
      const { name, token } = await world.room()
      const seen = world.hooks.length
      await world.post(`/_sandbox/daily/rooms/${name}/join`, { token: await token() })
      while (world.hooks.length === seen) await sleep(5)
    }
    const state = async () => (await world.api('GET', `/v1/webhooks/${made.uuid}`)).body
    while ((await state()).state === 'ACTIVE') await sleep(5)
    expect((await state()).failedCount).toBeGreaterThanOrEqual(3)
    // The state of the circuit breaker does not depend on the journal.
    for (const { id } of world.sandbox.ctx.store.list<{ id: number }>('core.journal'))
      world.sandbox.ctx.store.delete('core.journal', String(id))
    expect(await state()).toMatchObject({ state: 'FAILED', lastMomentPushed: expect.any(String) })
    world.hookStatus.now = 200
    const roomsTold = async () => {
      const { name, token } = await world.room()
      await world.post(`/_sandbox/daily/rooms/${name}/join`, { token: await token() })
      const waiting = world.sandbox.ctx.store
        .list<{ delivery: { body: string } }>('core.delivery')
        .map((one) => one.delivery.body)
      return [...waiting, ...world.hooks.map((hook) => hook.body)].filter((body) =>
        body.includes(`"${name}"`),
      ).length
    }
    expect(await roomsTold()).toBe(0)
    const healed = await world.api('POST', `/v1/webhooks/${made.uuid}`, {})
    expect(healed.body).toMatchObject({ state: 'ACTIVE', failedCount: 0, uuid: made.uuid })
    expect(await roomsTold()).toBeGreaterThan(0)
  })
})

describe.skipIf(!hasContracts)('shapes and vectors (needs CONTRACTS_DIR)', () => {
  test('webhook answers have the published shape', async () => {
    const { api, appUrl } = await startDaily()
    const shape = dailyShape()
    const made = (await api('POST', '/v1/webhooks', { url: `${appUrl}/mine` })).body
    expect(shape('Webhook', made)).toBe('')
    expect(shape('Webhook', (await api('GET', '/v1/webhooks')).body[0])).toBe('')
  })
  test('signatures equal the published vectors', () => {
    const known = vectors('daily')
    expect(known.map((vector) => vector.id)).toEqual([
      'daily-1',
      'daily-2-test-ping',
      'daily-3-undecoded-key',
    ])
    for (const { body, secret, timestamp, headers, expect: wanted } of known) {
      const made = signature(body, secret, Number(timestamp))
      if (wanted.startsWith('valid')) expect(made).toEqual(headers)
      else expect(made['X-Webhook-Signature']).not.toBe(headers['X-Webhook-Signature'])
    }
  })
})
