// A sandbox with Daily alone, and an application that records its webhooks.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { startSandbox } from '../../core/start.ts'
import type { Sandbox } from '../../core/start.ts'
import { testLog } from '../../core/testing/log.ts'
import { daily, dailyPages } from '../provider.ts'

/** What JSON.parse returns; tests read it untyped. */
type Parsed = ReturnType<typeof JSON.parse>
type Hook = {
  path: string
  headers: Record<string, string | string[] | undefined>
  body: string
  event: Record<string, Parsed>
}
type Answer = { status: number; body: Parsed }
export type World = {
  sandbox: Sandbox
  base: string
  appUrl: string
  hooks: Hook[]
  /** Status the application answers with. */
  hookStatus: { now: number }
  api: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  post: (path: string, body: unknown) => Promise<Answer>
  /** A private room and the function that makes tokens for it. */
  room: (
    properties?: Record<string, unknown>,
  ) => Promise<{ name: string; token: (properties?: Record<string, unknown>) => Promise<string> }>
  nowSeconds: () => number
  advance: (ms: number) => Promise<void>
}

export async function startDaily(dataDir = ':memory:'): Promise<World> {
  const hooks: Hook[] = []
  const hookStatus = { now: 200 }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      if (request.url !== '/clock')
        hooks.push({ path: request.url ?? '', headers: request.headers, body, event: JSON.parse(body) })
      response.writeHead(hookStatus.now).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sandbox = await startSandbox({
    port: 0,
    dataDir,
    appUrl,
    providers: [daily],
    pages: [dailyPages],
    log: testLog,
  })
  // Off, because tests call faster than the services allow; the tests of limits switch them on.
  sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  onTestFinished(async () => {
    await sandbox.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const base = `http://127.0.0.1:${sandbox.port}`
  const call = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(base + path, init)
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const key = sandbox.ctx.keys['DAILY_API_KEY'] ?? ''
  const api: World['api'] = (method, path, body, headers) =>
    call(path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const nowSeconds = () => sandbox.ctx.clock.seconds()
  let rooms = 0
  return {
    sandbox,
    base,
    appUrl,
    hooks,
    hookStatus,
    api,
    nowSeconds,
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
    room: async (properties = {}) => {
      const name = `room-${++rooms}`
      const made = await api('POST', '/v1/rooms', {
        name,
        privacy: 'private',
        properties: { exp: nowSeconds() + 3600, ...properties },
      })
      if (made.status !== 200) throw new Error(JSON.stringify(made.body))
      const token = async (wanted: Record<string, unknown> = {}) => {
        const answer = await api('POST', '/v1/meeting-tokens', {
          properties: { room_name: name, exp: nowSeconds() + 3600, ...wanted },
        })
        return String(answer.body.token)
      }
      return { name, token }
    },
    advance: async (ms) =>
      void (await call('/_sandbox/clock', { method: 'POST', body: JSON.stringify({ advanceMs: ms }) })),
  }
}
