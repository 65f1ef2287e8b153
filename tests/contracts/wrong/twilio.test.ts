import { expect } from 'vitest'
import { codeOnPhone, twilioClient } from '../use/twilio.ts'
import { type Outside, refusal } from '../use/world.ts'
import { minuteMs } from '../../../server/lib/time.ts'
import { commonlyWrong } from './lines.ts'

const phone = '+61491570110'

function raw(
  outside: Outside,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = outside.keys
  const authorization = `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`
  return outside.call('POST', path, new URLSearchParams(fields), { authorization, ...headers })
}

commonlyWrong('Twilio', (line) => {
  line(
    'Form-encoded, HTTP basic auth. `Messages` needs `To` and one of `From`/`MessagingServiceSid`',
    async (outside) => {
      const { TWILIO_ACCOUNT_SID: sid, TWILIO_MESSAGING_SERVICE_SID: service = '' } = outside.keys
      const path = `/2010-04-01/Accounts/${sid}/Messages.json`
      const whole = { To: phone, MessagingServiceSid: service, Body: 'Hello' }
      for (const lacking of ['To', 'MessagingServiceSid', 'Body'] as const) {
        const { [lacking]: _left, ...rest } = whole
        expect((await raw(outside, path, rest)).status, lacking).toBe(400)
      }
      const sent = await raw(outside, path, whole)
      expect(sent.status).toBe(201)
      expect(sent.body).toMatchObject({
        status: expect.stringMatching(/^(queued|accepted)$/),
        num_segments: expect.any(String),
        num_media: '0',
        price: null,
      })
      expect(sent.body.date_created).toMatch(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/)
      expect(
        (await raw(outside, path, whole, { authorization: `Bearer ${outside.keys['TWILIO_AUTH_TOKEN']}` }))
          .status,
      ).toBe(401)
      const { authorization: _none, ...noKey } = { authorization: '' }
      expect((await outside.call('POST', path, new URLSearchParams(whole), noKey)).body).toMatchObject({
        code: 20003,
        status: 401,
      })
    },
  )

  line('Status callbacks arrive out of order', async (outside) => {
    const client = twilioClient(outside)
    const orders: string[][] = []
    for (let number = 0; number < 8; number++) {
      const { sid } = await client.messages.create({
        to: phone,
        body: `Number ${number}`,
        messagingServiceSid: outside.keys['TWILIO_MESSAGING_SERVICE_SID']!,
        statusCallback: `${outside.receiver.url}/order`,
      })
      const told = () =>
        outside.receiver.received
          .filter(({ path, body }) => path === '/order' && body.includes(sid))
          .map(({ body }) => new URLSearchParams(body).get('MessageStatus')!)
      await outside.receiver.until(() => told().length === 3)
      orders.push(told())
      expect((await client.messages(sid).fetch()).status).toBe('delivered')
    }
    expect(orders).toContainEqual(['queued', 'sent', 'delivered'])
    expect(orders).toContainEqual(['queued', 'delivered', 'sent'])
  })

  line('Verify: a wrong code is **200** `status=pending`, `valid=false`.', async (outside) => {
    const service = twilioClient(outside).verify.v2.services(outside.keys['TWILIO_VERIFY_SERVICE_SID']!)
    const path = `/v2/Services/${outside.keys['TWILIO_VERIFY_SERVICE_SID']}/VerificationCheck`
    const start = (to: string) => service.verifications.create({ to, channel: 'sms' })
    const check = (To: string, Code: string) => raw(outside, path, { To, Code })
    const gone = { status: 404, body: expect.objectContaining({ code: 20404 }) }

    const { sid } = await start(phone)
    const wrong = await check(phone, '00000')
    expect([wrong.status, wrong.body.status, wrong.body.valid]).toEqual([200, 'pending', false])
    expect((await raw(outside, path, { To: phone })).status).toBe(400)
    expect((await raw(outside, path, { Code: '123456' })).status).toBe(400)
    expect(
      (await raw(outside, path, { VerificationSid: sid, Code: await codeOnPhone(outside, phone) })).body
        .status,
    ).toBe('approved')
    expect(await check(phone, '123456')).toMatchObject(gone)

    await start(phone)
    await outside.advance(10 * minuteMs)
    expect(await check(phone, await codeOnPhone(outside, phone))).toMatchObject(gone)

    const guessed = '+61491570156'
    await start(guessed)
    for (let guess = 0; guess < 5; guess++) expect((await check(guessed, '00000')).status).toBe(200)
    expect(await refusal(service.verificationChecks.create({ to: guessed, code: '00000' }))).toMatchObject({
      status: 429,
      code: 60202,
    })
    expect(await check(guessed, await codeOnPhone(outside, guessed))).toMatchObject(gone)
  })
})
