import twilioSdk from 'twilio'
import { describe, expect, test } from 'vitest'
import { startTwilio } from './testing/world.ts'
import type { TwilioWorld } from './testing/world.ts'

const mia = '+61491570156'

const callbackUrl = (world: TwilioWorld) => `${world.application.url}/functions/v1/twilio-status?for=mia`
const statuses = (world: TwilioWorld, sid?: string) =>
  world
    .callbacks()
    .filter(({ form }) => !sid || form['MessageSid'] === sid)
    .map(({ form }) => form['MessageStatus'])

describe('a message', () => {
  test('is accepted, then delivered, with a signed status callback for every status', async () => {
    const world = await startTwilio()
    const sent = await world.send(mia, 'Hello', { statusCallback: callbackUrl(world) })
    expect([sent.status, sent.from]).toEqual(['accepted', null])
    await world.application.until(() => world.callbacks().length === 3)
    expect(statuses(world).sort()).toEqual(['delivered', 'queued', 'sent'])
    for (const { form, headers } of world.callbacks()) {
      expect(form).toMatchObject({ MessageSid: sent.sid, To: mia, AccountSid: world.keys.TWILIO_ACCOUNT_SID })
      const isSignedWith = (token: string) =>
        twilioSdk.validateRequest(token, headers['x-twilio-signature']!, callbackUrl(world), form)
      expect([isSignedWith(world.keys.TWILIO_AUTH_TOKEN), isSignedWith('other')]).toEqual([true, false])
    }
    const fetched = await world.official.messages(sent.sid).fetch()
    expect([fetched.status, fetched.dateSent instanceof Date, fetched.from]).toEqual([
      'delivered',
      true,
      '+61480001234',
    ])
  })

  test('sometimes reports sent after delivered', async () => {
    const world = await startTwilio()
    const { ctx } = world.sandbox
    const { deliver } = ctx
    const told: string[] = []
    ctx.deliver = (delivery) => {
      told.push(delivery.id)
      deliver(delivery)
    }
    const sids: string[] = []
    for (let at = 0; at < 4; at++)
      sids.push((await world.send(mia, `${at}`, { statusCallback: callbackUrl(world) })).sid)
    await world.application.until(() => world.callbacks().length === 12)
    const orderOf = (sid: string) => told.filter((id) => id.startsWith(sid)).map((id) => id.split(':')[1])
    expect(orderOf(sids[0]!)).toEqual(['queued', 'sent', 'delivered'])
    expect(orderOf(sids[3]!)).toEqual(['queued', 'delivered', 'sent'])
  })

  test('to a landline is accepted from a service and then undelivered with 30006', async () => {
    const world = await startTwilio()
    const sent = await world.send('+15005550009', 'Hello', { statusCallback: callbackUrl(world) })
    await world.application.until(() => statuses(world).includes('undelivered'))
    expect(
      world.callbacks().find(({ form }) => form['MessageStatus'] === 'undelivered')!.form['ErrorCode'],
    ).toBe('30006')
    expect(await world.official.messages(sent.sid).fetch()).toMatchObject({
      status: 'undelivered',
      errorCode: 30006,
    })
  })

  test('has the time it was due as its sent time, however far the clock moved', async () => {
    const world = await startTwilio()
    const { clock } = world.sandbox.ctx
    const startMs = clock.now()
    clock.now = () => startMs
    const { sid } = await world.send(mia, 'Hello', { statusCallback: callbackUrl(world) })
    clock.now = () => startMs + 3_600_000
    await world.application.until(() => statuses(world).includes('delivered'))
    expect((await world.official.messages(sid).fetch()).dateSent.getTime()).toBeLessThanOrEqual(
      startMs + 1000,
    )
  })

  test('can be redacted and deleted once it is delivered', async () => {
    const world = await startTwilio()
    const { clock } = world.sandbox.ctx
    const { now } = clock
    const stillMs = now()
    clock.now = () => stillMs
    const { sid } = await world.send(mia, 'Hello', { statusCallback: callbackUrl(world) })
    await expect(world.official.messages(sid).remove()).rejects.toMatchObject({ code: 20009 })
    clock.now = now
    await world.application.until(() => statuses(world).includes('delivered'))
    expect((await world.official.messages(sid).update({ body: '' })).body).toBe('')
    expect(await world.official.messages(sid).remove()).toBe(true)
    await expect(world.official.messages(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
  })

  test('that is scheduled waits for its time and can be cancelled until then', async () => {
    const world = await startTwilio()
    const { ctx } = world.sandbox
    const sendAt = new Date(ctx.clock.now() + 3_600_000)
    const kept = await world.send(mia, 'Later', {
      scheduleType: 'fixed',
      sendAt,
      statusCallback: callbackUrl(world),
    })
    const dropped = await world.send(mia, 'Never', {
      scheduleType: 'fixed',
      sendAt,
      statusCallback: callbackUrl(world),
    })
    expect(kept.status).toBe('scheduled')
    expect((await world.official.messages(dropped.sid).update({ status: 'canceled' })).status).toBe(
      'canceled',
    )
    ctx.clock.setOffset(3_700_000)
    await world.application.until(() => statuses(world, kept.sid).includes('delivered'))
    expect(statuses(world, dropped.sid)).toEqual([])
    expect((await world.official.messages(dropped.sid).fetch()).status).toBe('canceled')
  })
})

describe('sending is refused', () => {
  test.each([
    ['no phone number', { To: '12', Body: 'x' }, 21211],
    ['an impossible number', { To: '+15005550001', Body: 'x' }, 21211],
    ['a blocked number', { To: '+15005550004', Body: 'x' }, 21610],
    ['no recipient', { Body: 'x' }, 21604],
    ['no text', { To: mia }, 21602],
    ['too long a text', { To: mia, Body: 'x'.repeat(1601) }, 21617],
    ['an address that is none', { To: mia, Body: 'x', StatusCallback: 'callback' }, 21609],
  ])('for %s', async (_, form, code) => {
    const world = await startTwilio()
    const sender = { MessagingServiceSid: world.keys.TWILIO_MESSAGING_SERVICE_SID }
    const answer = await world.call('POST', world.messagesPath, { ...sender, ...form } as Record<
      string,
      string
    >)
    expect(answer).toMatchObject({
      status: 400,
      body: { code, status: 400, more_info: `https://www.twilio.com/docs/errors/${code}` },
    })
    expect(await world.official.messages.list()).toEqual([])
  })

  test('without a sender, from a foreign number or service, and from a number to a landline', async () => {
    const world = await startTwilio()
    const code = async (form: Record<string, string>) =>
      (await world.call('POST', world.messagesPath, { To: mia, Body: 'x', ...form })).body['code']
    expect(await code({})).toBe(21603)
    expect(await code({ From: '+61491570157' })).toBe(21659)
    expect(await code({ MessagingServiceSid: `MG${'0'.repeat(32)}` })).toBe(21701)
    expect(await code({ From: '+15005550006', To: '+15005550009' })).toBe(21614)
  })

  test('without the right token, or for another account', async () => {
    const world = await startTwilio()
    const stranger = await world.call('GET', world.messagesPath, undefined, { authorization: 'Basic x' })
    expect(stranger).toMatchObject({ status: 401, body: { code: 20003 } })
    expect((await world.call('GET', `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`)).status).toBe(
      404,
    )
  })
})

describe('the list', () => {
  test('is filtered by recipient and time, newest first, over pages', async () => {
    const world = await startTwilio()
    const { clock } = world.sandbox.ctx
    const hour = 3_600_000
    for (const [at, body] of ['one', 'two', 'three'].entries()) {
      clock.setOffset((at + 1) * hour)
      await world.send(mia, body)
    }
    await world.send('+61491570157', 'other')
    const bodies = async (options: object) =>
      (await world.official.messages.list(options)).map((message) => message.body)
    expect(await bodies({ to: mia })).toEqual(['three', 'two', 'one'])
    expect(await bodies({ to: mia, pageSize: 1, limit: 2 })).toEqual(['three', 'two'])
    const between = (index: number) => new Date(clock.now() - (3 - index) * hour - hour / 2)
    expect(await bodies({ to: mia, dateSentAfter: between(2) })).toEqual(['three', 'two'])
    expect(await bodies({ to: mia, dateSentBefore: between(2) })).toEqual(['one'])
    expect(await bodies({ dateSentAfter: new Date(clock.now() + hour) })).toEqual([])
  })

  test('has a message at once, so that a caller in doubt does not resend it', async () => {
    const world = await startTwilio()
    const before = new Date(world.sandbox.ctx.clock.now() - 1000)
    await world.send(mia, 'Only once')
    expect(await world.official.messages.list({ to: mia, dateSentAfter: before })).toHaveLength(1)
  })
})
