// Sends many requests with fixed concurrency over kept-alive connections.
import { Agent, request } from 'node:http'

export type Flood = { latenciesMs: number[]; perSecond: number }

export type Call = { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string }

/** Sends `calls` in order, `atOnce` at a time. Throws unless every answer is 200. */
export async function flood(url: string, calls: Call[], atOnce: number): Promise<Flood> {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const latenciesMs: number[] = []
  const waiting = calls.values()
  const send = (call: Call) =>
    new Promise<void>((resolve, reject) => {
      const startedAt = performance.now()
      const sent = request(
        { hostname, port, agent, method: call.method, path: call.path, headers: call.headers },
        (answer) => {
          answer.resume()
          answer.once('end', () => {
            if (answer.statusCode !== 200)
              return reject(new Error(`${call.path} answered ${answer.statusCode}`))
            latenciesMs.push(performance.now() - startedAt)
            resolve()
          })
        },
      )
      sent.once('error', reject)
      sent.end(call.body)
    })
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const call of waiting) await send(call)
    }),
  )
  const perSecond = calls.length / ((performance.now() - startedAt) / 1000)
  agent.destroy()
  return { latenciesMs, perSecond }
}
