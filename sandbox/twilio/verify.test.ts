import { describe, expect, test } from 'vitest'
import { minuteMs } from '../core/durations.ts'
import { startTwilio } from './testing/world.ts'
import type { TwilioWorld } from './testing/world.ts'

const mia = '+61491570156'

const start = (world: TwilioWorld, to = mia) => world.verify.verifications.create({ to, channel: 'sms' })
const check = (world: TwilioWorld, code: string, to = mia) =>
  world.verify.verificationChecks.create({ to, code })
const codes = (world: TwilioWorld) =>
  world.phone(mia).map(({ body }) => /^Your Presence verification code is: (\d{6})$/.exec(body)![1]!)
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

describe('a verification', () => {
  test('sends six digits to the phone; the right ones approve it once', async () => {
    const world = await startTwilio()
    expect(await start(world)).toMatchObject({ status: 'pending', valid: false, to: mia, channel: 'sms' })
    const [code] = codes(world)
    expect(await check(world, code!)).toMatchObject({ status: 'approved', valid: true })
    await expect(check(world, code!)).rejects.toMatchObject({ status: 404, code: 20404 })
  })

  test('stays pending after a wrong code, which is no error', async () => {
    const world = await startTwilio()
    await start(world)
    expect(await check(world, wrong(codes(world)[0]!))).toMatchObject({ status: 'pending', valid: false })
  })

  test('sends the same code again within ten minutes and starts anew later', async () => {
    const world = await startTwilio()
    const first = await start(world)
    world.sandbox.ctx.clock.setOffset(9 * minuteMs)
    expect((await start(world)).sid).toBe(first.sid)
    expect(codes(world)[1]).toBe(codes(world)[0])
    world.sandbox.ctx.clock.setOffset(11 * minuteMs)
    expect((await start(world)).sid).not.toBe(first.sid)
  })

  test('expires after ten minutes of the sandbox clock', async () => {
    const world = await startTwilio()
    await start(world)
    world.sandbox.ctx.clock.setOffset(10 * minuteMs)
    await expect(check(world, codes(world)[0]!)).rejects.toMatchObject({ status: 404, code: 20404 })
  })

  test('refuses the sixth check with 60202, the right code too', async () => {
    const world = await startTwilio()
    await start(world)
    const [code] = codes(world)
    for (let at = 0; at < 5; at++) await check(world, wrong(code!))
    await expect(check(world, code!)).rejects.toMatchObject({ status: 429, code: 60202 })
  })

  test('refuses the sixth send with 60203 until approval or for ten minutes', async () => {
    const world = await startTwilio()
    for (let at = 0; at < 5; at++) await start(world)
    await expect(start(world)).rejects.toMatchObject({ status: 429, code: 60203 })
    expect(codes(world)).toHaveLength(5)
    expect((await start(world, '+61491570157')).status).toBe('pending')
    await check(world, codes(world)[0]!)
    expect((await start(world)).status).toBe('pending')
  })

  test('can be read by its id and cancelled while it is open', async () => {
    const world = await startTwilio()
    const { sid } = await start(world)
    expect((await world.verify.verifications(sid).fetch()).sendCodeAttempts).toHaveLength(1)
    expect((await world.verify.verifications(sid).update({ status: 'canceled' })).status).toBe('canceled')
    await expect(world.verify.verifications(sid).fetch()).rejects.toMatchObject({ status: 404 })
  })

  test('is refused for an invalid number or channel and an unknown service', async () => {
    const world = await startTwilio()
    await expect(start(world, '0491')).rejects.toMatchObject({ status: 400, code: 60200 })
    await expect(world.verify.verifications.create({ to: mia, channel: 'pigeon' })).rejects.toMatchObject({
      code: 60200,
    })
    const other = world.official.verify.v2.services(`VA${'0'.repeat(32)}`)
    await expect(other.verifications.create({ to: mia, channel: 'sms' })).rejects.toMatchObject({
      status: 404,
      code: 20404,
    })
  })

  test('is not a message of the account', async () => {
    const world = await startTwilio()
    await start(world)
    expect(await world.official.messages.list()).toEqual([])
    await expect(world.official.messages(world.phone(mia)[0]!.sid).fetch()).rejects.toMatchObject({
      status: 404,
    })
  })

  test('can be polled 60 times a minute while limits are on', async () => {
    const world = await startTwilio()
    const { ctx } = world.sandbox
    ctx.store.put('core.limits', 'limits', { on: true })
    const { sid } = await start(world)
    const stillMs = ctx.clock.now()
    Object.assign(ctx.clock, { now: () => stillMs })
    for (let at = 0; at < 60; at++) await world.verify.verifications(sid).fetch()
    await expect(world.verify.verifications(sid).fetch()).rejects.toMatchObject({ status: 429, code: 20429 })
  })
})

test('services can be listed, read and made', async () => {
  const { official, keys } = await startTwilio()
  expect((await official.verify.v2.services.list()).map((service) => service.sid)).toEqual([
    keys.TWILIO_VERIFY_SERVICE_SID,
  ])
  const made = await official.verify.v2.services.create({ friendlyName: 'Second', codeLength: 4 })
  expect(await official.verify.v2.services(made.sid).fetch()).toMatchObject({
    friendlyName: 'Second',
    codeLength: 4,
  })
  expect(await official.verify.v2.services.list({ pageSize: 1 })).toHaveLength(2)
})
