// Plays the application in tests: records what it receives and answers as told.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Received = {
  method: string
  path: string
  headers: Record<string, string>
  body: string
  status: number
}

export type TestApplication = {
  url: string
  received: Received[]
  /** Deliveries in order, without the clock's calls. */
  hooks: () => Received[]
  /** Status of the next answers, one by one; then 200 again. */
  answer: number[]
  /** What GET /clock says. */
  session: { nextSessionStartAt: string | null; nextSessionEndAt: string | null }
  /** Resolves when `isEnough` holds, at once or after a later request. */
  until: (isEnough: () => boolean) => Promise<void>
  close: () => Promise<void>
}

export async function startApplication(): Promise<TestApplication> {
  const received: Received[] = []
  const answer: number[] = []
  const waiters = new Set<() => void>()
  const session: TestApplication['session'] = { nextSessionStartAt: null, nextSessionEndAt: null }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const status = answer.shift() ?? 200
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      received.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers,
        body: Buffer.concat(chunks).toString(),
        status,
      })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(request.method === 'GET' ? JSON.stringify({ offsetMs: 0, ...session }) : '{}')
      for (const check of waiters) check()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    hooks: () => received.filter((one) => one.path === '/hook'),
    answer,
    session,
    until: (isEnough) =>
      new Promise((resolve) => {
        const check = () => {
          if (!isEnough()) return
          waiters.delete(check)
          resolve()
        }
        waiters.add(check)
        check()
      }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
