// Every operation of Twilio that the sandbox covers, and its refusals, by the official package alone.
import twilioSdk from 'twilio'
import { hourMs, minuteMs } from '../../../server/lib/time.ts'
import { must, type Outside, refusal } from './world.ts'

const { RequestClient, Twilio } = twilioSdk
type Client = InstanceType<typeof Twilio>

/** The official client, sent to another address than the hosts it knows. */
export function twilioClient(
  { url, keys }: Pick<Outside, 'url' | 'keys'>,
  token = keys['TWILIO_AUTH_TOKEN']!,
): Client {
  const plain = new RequestClient()
  const moved = Object.assign(Object.create(plain) as typeof plain, {
    request: (options: Parameters<typeof plain.request>[0]) =>
      plain.request({ ...options, uri: options.uri.replace(/^https:\/\/(api|verify)\.twilio\.com/, url) }),
  })
  return new Twilio(keys['TWILIO_ACCOUNT_SID']!, token, { httpClient: moved })
}

export async function codeOnPhone(outside: Pick<Outside, 'control'>, to: string): Promise<string> {
  const { body } = await outside.control('GET', `/messages?to=${encodeURIComponent(to)}`)
  return /\b\d{6}\b/.exec(body.messages.at(-1).body)![0]
}

export async function useTwilio(outside: Outside): Promise<void> {
  const client = twilioClient(outside)
  await messages(outside, client)
  await verify(outside, client)
}

async function messages(outside: Outside, client: Client): Promise<void> {
  const { keys, receiver, control, advance } = outside
  const service = {
    messagingServiceSid: keys['TWILIO_MESSAGING_SERVICE_SID']!,
    statusCallback: `${receiver.url}/hook`,
  }
  const phone = '+61491570110'
  const sent = await client.messages.create({ to: phone, body: 'Hello', ...service })
  must(sent.status === 'accepted' || sent.status === 'queued', `a new message is ${sent.status}`)
  await client.messages.create({ to: '+15005550009', body: 'Nobody reads this on a landline', ...service })
  for (let number = 0; number < 4; number++)
    await client.messages.create({ to: phone, body: `Number ${number}`, ...service })
  const later = await client.messages.create({
    to: phone,
    body: 'Later',
    ...service,
    scheduleType: 'fixed',
    sendAt: new Date(Date.now() + 30 * minuteMs + (await offset(outside))),
  })
  await client.messages(later.sid).update({ status: 'canceled' })
  await advance(2000)
  await outside.sandbox.settled()
  must((await client.messages(sent.sid).fetch()).status === 'delivered', 'a message is not delivered')
  await client.messages.list({ to: phone, limit: 3, pageSize: 2 })
  await client.messages.list({
    dateSentAfter: new Date(Date.now() - hourMs),
    from: '+61480001234',
    limit: 5,
  })
  await client.messages(sent.sid).update({ body: '' })
  await client.messages(sent.sid).remove()
  must((await refusal(client.messages(sent.sid).fetch())).status === 404, 'a removed message is still there')

  const is = async (fields: { to: string; from?: string; body?: string }, code: number) => {
    const { from, ...rest } = fields
    const seen = await refusal(
      client.messages.create({ ...(from ? { from } : service), body: 'Hello', ...rest }),
    )
    must(
      seen.status === 400 && seen.code === code,
      `${JSON.stringify(fields)} is refused with ${JSON.stringify(seen)}`,
    )
  }
  await is({ to: 'not a number' }, 21211)
  await is({ to: '+15005550001' }, 21211)
  await is({ to: '+15005550002' }, 21612)
  await is({ to: '+15005550003' }, 21408)
  await is({ to: '+15005550004' }, 21610)
  await is({ to: '+15005550009', from: '+15005550006' }, 21614)
  await is({ to: phone, body: '' }, 21602)
  for (const body of ['Thanks!', 'HELP', 'STOP'])
    await control('POST', '/twilio/inbound', { from: phone, body })
  await is({ to: phone }, 21610)
  await control('POST', '/twilio/inbound', { from: phone, body: 'START' })
  await client.messages.create({ to: phone, body: 'Welcome back', ...service })
  must(
    (await refusal(twilioClient(outside, 'wrong').messages.list())).code === 20003,
    'a wrong token is accepted',
  )
  const path = `/2010-04-01/Accounts/${keys['TWILIO_ACCOUNT_SID']}`
  const basic = `Basic ${Buffer.from(`${keys['TWILIO_ACCOUNT_SID']}:${keys['TWILIO_AUTH_TOKEN']}`).toString('base64')}`
  must(
    (await outside.call('GET', `${path}/Calls.json`, undefined, { authorization: basic })).status === 404,
    'calls are not covered',
  )
}

async function verify(outside: Outside, client: Client): Promise<void> {
  const service = client.verify.v2.services(outside.keys['TWILIO_VERIFY_SERVICE_SID']!)
  const phone = '+61491570111'
  const started = await service.verifications.create({ to: phone, channel: 'sms' })
  await service.verifications(started.sid).fetch()
  const wrong = await service.verificationChecks.create({ to: phone, code: '00000' })
  must(wrong.status === 'pending' && !wrong.valid, 'a wrong code is not simply pending')
  const right = await service.verificationChecks.create({
    to: phone,
    code: await codeOnPhone(outside, phone),
  })
  must(right.status === 'approved' && right.valid, 'the code on the phone is not approved')
  must(
    (await refusal(service.verificationChecks.create({ to: phone, code: '123456' }))).code === 20404,
    'an approved verification is still there',
  )

  await service.verifications.create({ to: phone, channel: 'sms' })
  await outside.advance(10 * minuteMs + 1000)
  must(
    (await refusal(service.verificationChecks.create({ to: phone, code: '123456' }))).code === 20404,
    'a code lives longer than ten minutes',
  )
  const cancelled = await service.verifications.create({ to: phone, channel: 'sms' })
  await service.verifications(cancelled.sid).update({ status: 'canceled' })
  for (let sends = 0; sends < 5; sends++) await service.verifications.create({ to: phone, channel: 'sms' })
  const tooMany = await refusal(service.verifications.create({ to: phone, channel: 'sms' }))
  must(tooMany.status === 429 && tooMany.code === 60203, 'a sixth code is sent')
  for (let checks = 0; checks < 5; checks++)
    await service.verificationChecks.create({ to: phone, code: '00000' })
  const guessing = await refusal(service.verificationChecks.create({ to: phone, code: '00000' }))
  must(
    guessing.status === 429 && guessing.code === 60202,
    `a sixth guess is answered with ${JSON.stringify(guessing)}`,
  )
  must(
    (await refusal(service.verifications.create({ to: 'nobody', channel: 'sms' }))).code === 60200,
    'a bad number is taken',
  )
  must(
    (await refusal(service.verificationChecks.create({ code: '123456' }))).code === 60200,
    'a check without a number is taken',
  )
  await service.fetch()
  await client.verify.v2.services.list({ limit: 2 })
  await client.verify.v2.services.create({ friendlyName: 'Another', codeLength: 6 })
}

const offset = async (outside: Outside) => (await outside.control('GET', '/clock')).body.offsetMs as number
