// Twilio's stand-in beside a test application, through the official client and through plain requests.
import twilioSdk from 'twilio'
import { onTestFinished } from 'vitest'
import { startSandbox } from '../../core/start.ts'
import { startApplication } from '../../core/testing/application.ts'
import { testLog } from '../../core/testing/log.ts'
import type { Message } from '../message.ts'
import { twilio, twilioPages } from '../provider.ts'

type Key =
  | 'TWILIO_ACCOUNT_SID'
  | 'TWILIO_AUTH_TOKEN'
  | 'TWILIO_MESSAGING_SERVICE_SID'
  | 'TWILIO_VERIFY_SERVICE_SID'

export async function startTwilio() {
  const application = await startApplication()
  const sandbox = await startSandbox({
    port: 0,
    dataDir: ':memory:',
    appUrl: application.url,
    providers: [twilio],
    pages: [twilioPages],
    log: testLog,
  })
  // Off, because tests call faster than the services allow; the tests of limits switch them on.
  sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  onTestFinished(async () => {
    await sandbox.close()
    await application.close()
  })
  const url = `http://127.0.0.1:${sandbox.port}`
  const keys = sandbox.ctx.keys as Record<Key, string>
  const { RequestClient, Twilio } = twilioSdk
  // Points the client's two hosts at the sandbox.
  const plain = new RequestClient()
  const httpClient = Object.assign(Object.create(plain) as typeof plain, {
    request: (options: Parameters<typeof plain.request>[0]) =>
      plain.request({ ...options, uri: options.uri.replace(/^https:\/\/(api|verify)\.twilio\.com/, url) }),
  })
  const authorization = `Basic ${Buffer.from(`${keys.TWILIO_ACCOUNT_SID}:${keys.TWILIO_AUTH_TOKEN}`).toString('base64')}`
  const official = new Twilio(keys.TWILIO_ACCOUNT_SID, keys.TWILIO_AUTH_TOKEN, { httpClient })
  const messagesPath = `/2010-04-01/Accounts/${keys.TWILIO_ACCOUNT_SID}/Messages.json`
  return {
    sandbox,
    application,
    url,
    keys,
    official,
    messagesPath,
    verify: official.verify.v2.services(keys.TWILIO_VERIFY_SERVICE_SID),
    call: async (
      method: string,
      path: string,
      form?: Record<string, string>,
      headers: Record<string, string> = {},
    ) => {
      const answer = await fetch(url + path, {
        method,
        headers: { authorization, ...headers },
        ...(form ? { body: new URLSearchParams(form) } : {}),
      })
      const text = await answer.text()
      return {
        status: answer.status,
        body: (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown>,
      }
    },
    send: (
      to: string,
      body: string,
      more: { statusCallback?: string; scheduleType?: 'fixed'; sendAt?: Date } = {},
    ) =>
      official.messages.create({ to, body, messagingServiceSid: keys.TWILIO_MESSAGING_SERVICE_SID, ...more }),
    /** A person's text to the service. */
    text: async (from: string, body: string) =>
      (
        await fetch(`${url}/_sandbox/twilio/inbound`, {
          method: 'POST',
          body: JSON.stringify({ from, body }),
        })
      ).status,
    /** What a phone shows. */
    phone: (to: string) =>
      sandbox.ctx.store.list<Message>('twilio.message').filter((message) => message.to === to),
    /** The callbacks received so far, as forms. */
    callbacks: () =>
      application.received
        .filter((one) => one.path.startsWith('/functions'))
        .map((one) => ({
          form: Object.fromEntries(new URLSearchParams(one.body)),
          headers: one.headers,
          path: one.path,
        })),
  }
}

export type TwilioWorld = Awaited<ReturnType<typeof startTwilio>>
