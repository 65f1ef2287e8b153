// A sandbox with Cal.com alone, and an application that records its webhooks.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { startSandbox } from '../../core/start.ts'
import type { Sandbox } from '../../core/start.ts'
import { testLog } from '../../core/testing/log.ts'
import { calcom, calcomPages } from '../provider.ts'

/** What JSON.parse returns; tests read it untyped. */
type Parsed = ReturnType<typeof JSON.parse>
type Hook = {
  path: string
  headers: Record<string, string | string[] | undefined>
  text: string
  body: Parsed
}
type Answer = { status: number; body: Parsed; headers: Headers }
export type World = {
  sandbox: Sandbox
  appUrl: string
  hooks: Hook[]
  /** Bodies of the deliveries of one trigger. */
  told: (trigger: string) => Promise<Parsed[]>
  /** A call with the key and the version that belongs to the path; headers given as '' are left out. */
  api: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  /** Books with Amelia Hart, who is always open. */
  book: (start: string, more?: Record<string, unknown>) => Promise<Answer>
  /** Moves the clock to this moment. */
  at: (iso: string) => Promise<void>
}

const versions: [string, string][] = [
  ['/v2/slots', '2024-09-04'],
  ['/v2/bookings', '2024-08-13'],
  ['/v2/event-types', '2024-06-14'],
  ['/v2/schedules', '2024-06-11'],
]

export async function startCalcom(): Promise<World> {
  const hooks: Hook[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      if (request.url !== '/clock')
        hooks.push({ path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) })
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sandbox = await startSandbox({
    port: 0,
    dataDir: ':memory:',
    appUrl,
    providers: [calcom],
    pages: [calcomPages],
    log: testLog,
  })
  // Off, because tests call faster than the services allow; the tests of limits switch them on.
  sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  onTestFinished(async () => {
    await sandbox.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const key = sandbox.ctx.keys['CALCOM_API_KEY'] ?? ''
  const api: World['api'] = async (method, path, body, headers = {}) => {
    const version = versions.find(([start]) => path.startsWith(start))?.[1]
    const all = {
      authorization: `Bearer ${key}`,
      ...(version ? { 'cal-api-version': version } : {}),
      ...headers,
    }
    const response = await fetch(`http://127.0.0.1:${sandbox.port}${path}`, {
      method,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    }
  }
  return {
    sandbox,
    appUrl,
    hooks,
    api,
    told: async (trigger) => {
      await sandbox.settled()
      return hooks.map((hook) => hook.body).filter((body) => body.triggerEvent === trigger)
    },
    book: (start, more = {}) =>
      api('POST', '/v2/bookings', {
        start,
        eventTypeSlug: '10min',
        username: 'amelia-hart',
        attendee: { name: 'Sam Rivers', email: 'sam@example.com', timeZone: 'Europe/Berlin' },
        ...more,
      }),
    at: async (iso) => void (await api('POST', '/_sandbox/clock', { to: iso })),
  }
}
