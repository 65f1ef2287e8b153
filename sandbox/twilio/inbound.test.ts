import twilioSdk from 'twilio'
import { describe, expect, test } from 'vitest'
import { startTwilio } from './testing/world.ts'

const mia = '+61491570156'

describe('a text from a person', () => {
  test('reaches the application with a valid signature', async () => {
    const world = await startTwilio()
    expect(await world.text(mia, 'Hello?')).toBe(201)
    await world.application.until(() => world.callbacks().length === 1)
    const [{ form, headers, path }] = world.callbacks() as [ReturnType<typeof world.callbacks>[number]]
    expect(path).toBe('/functions/v1/twilio-inbound')
    expect(form).toMatchObject({ From: mia, Body: 'Hello?', SmsStatus: 'received', NumMedia: '0' })
    expect(form).not.toHaveProperty('OptOutType')
    const url = `${world.application.url}/functions/v1/twilio-inbound`
    expect(
      twilioSdk.validateRequest(world.keys.TWILIO_AUTH_TOKEN, headers['x-twilio-signature']!, url, form),
    ).toBe(true)
  })

  test('STOP ends all messages to that number until START', async () => {
    const world = await startTwilio()
    await world.text(mia, ' stop ')
    await expect(world.send(mia, 'Hello')).rejects.toMatchObject({ status: 400, code: 21610 })
    expect(await world.send('+61491570157', 'Hello')).toMatchObject({ status: 'accepted' })
    expect(world.phone(mia).at(-1)!.body).toMatch(/unsubscribed/)
    await world.text(mia, 'START')
    expect(await world.send(mia, 'Hello')).toMatchObject({ status: 'accepted' })
    await world.application.until(() => world.callbacks().length === 2)
    expect(world.callbacks().map(({ form }) => form['OptOutType'])).toEqual([undefined, undefined])
  })

  test('has its OptOutType only where Advanced Opt-Out is switched on', async () => {
    const world = await startTwilio()
    await fetch(`${world.sandbox.baseUrl}/_sandbox/twilio/advanced-opt-out`, {
      method: 'POST',
      body: '{"on":true}',
    })
    await world.text(mia, 'STOP')
    await world.application.until(() => world.callbacks().length === 1)
    expect(world.callbacks()[0]!.form['OptOutType']).toBe('STOP')
  })

  test('with STOP inside a sentence is an ordinary message', async () => {
    const world = await startTwilio()
    await world.text(mia, 'Please stop by tomorrow')
    expect(await world.send(mia, 'Hello')).toMatchObject({ status: 'accepted' })
  })

  test('HELP is answered, and codes still arrive after STOP', async () => {
    const world = await startTwilio()
    await world.text(mia, 'HELP')
    expect(world.phone(mia).at(-1)!.body).toMatch(/Reply STOP/)
    await world.text(mia, 'STOP')
    await world.verify.verifications.create({ to: mia, channel: 'sms' })
    expect(world.phone(mia).at(-1)!.body).toMatch(/verification code/)
  })

  test('needs a phone number and a body', async () => {
    const world = await startTwilio()
    expect(await world.text('mia', 'Hello')).toBe(400)
    expect(await world.text(mia, '')).toBe(400)
  })
})
