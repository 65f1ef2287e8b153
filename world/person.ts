// One person outside the server: the cookies of a browser and a phone, using HTTP only.
import { setTimeout as sleep } from 'node:timers/promises'

/** The addresses of a running Presence and of the outside world around it. */
export type World = {
  url: string
  sandboxUrl: string
  keys: Record<string, string>
  /** Hears of each 503 ("not at the moment") that a person retries. Without it people do not retry. */
  onSetback?: (refused: Refused) => void
}

/** A refusal of the application, as a person gets it. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  /** What a person reads. */
  readonly sentence: string
  constructor(path: string, status: number, body: unknown) {
    const { detail, message, code } = (body ?? {}) as { detail?: string; message?: string; code?: string }
    const sentence = detail ?? message
    super(`${path} answered ${status}: ${sentence ?? JSON.stringify(body)}`)
    this.name = 'Refused'
    this.status = status
    this.code = code ?? ''
    this.sentence = sentence ?? ''
  }
}

const maxTries = 12

export class Person {
  readonly world: World
  readonly mobileNumber: string
  readonly cookies = new Map<string, string>()

  constructor(world: World, mobileNumber: string) {
    this.world = world
    this.mobileNumber = mobileNumber
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** One request. A refusal is thrown as Refused; a 503 is retried where the world has `onSetback`. */
  async ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.askOnce(method, path, body)
      } catch (error) {
        const { onSetback } = this.world
        if (!onSetback || !(error instanceof Refused) || error.status !== 503 || tries === maxTries)
          throw error
        onSetback(error)
        await sleep(300 * tries)
      }
    }
  }

  private async askOnce<Answer>(method: string, path: string, body: unknown): Promise<Answer> {
    const response = await this.fetch(path, {
      method,
      headers: method === 'GET' ? {} : { 'content-type': 'application/json' },
      ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    const text = await response.text()
    const answer: unknown = text === '' ? undefined : parse(text)
    if (!response.ok) throw new Refused(path, response.status, answer)
    return answer as Answer
  }

  /** `fetch` on the application as its own pages ask: with this person's cookies, and the pages' origin. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const asked = { ...init, headers: this.headersOf(init), redirect: 'manual' as const }
    const response = await fetch(`${this.world.url}${path}`, asked)
    this.keepCookies(response)
    return response
  }

  protected headersOf(init: RequestInit): Headers {
    const headers = new Headers(init.headers)
    if (this.cookies.size > 0) headers.set('cookie', this.cookie)
    if ((init.method ?? 'GET') !== 'GET' && !headers.has('origin'))
      headers.set('origin', new URL(this.world.url).origin)
    return headers
  }

  protected keepCookies(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1)
      const at = pair.indexOf('=')
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }

  /**
   * Signs in with the code sent to this person's phone. Asks for a new code where a lost answer used one up.
   */
  async signIn(): Promise<void> {
    try {
      await this.signInOnce()
    } catch (error) {
      if (!this.world.onSetback || !(error instanceof Refused) || error.code !== 'invalid_otp') throw error
      this.world.onSetback(error)
      await this.signInOnce()
    }
  }

  private async signInOnce(): Promise<void> {
    const before = (await phoneOf(this.world, this.mobileNumber)).length
    await this.ask('POST', '/api/auth/phone-number/send-otp', { phoneNumber: this.mobileNumber })
    const sms = await waitFor('the sign-in code', async () =>
      (await phoneOf(this.world, this.mobileNumber)).slice(before).find((one) => /\b\d{6}\b/.test(one.body)),
    )
    const code = /\b\d{6}\b/.exec(sms.body)![0]
    await this.ask('POST', '/api/auth/phone-number/verify', { phoneNumber: this.mobileNumber, code })
  }

  /** Agrees to everything that is asked, as at the first payment or the first hours. */
  async consent(): Promise<void> {
    const { missing } = await this.ask<{ missing: { document: string; version: string }[] }>(
      'GET',
      '/api/consents',
    )
    const agreed = missing.map(({ document, version }) => ({ document, version }))
    if (agreed.length > 0) await this.ask('POST', '/api/consents', { agreed })
  }

  /** Collects the live topics that arrive from now on, until `stop`. */
  async listen(): Promise<{ topics: string[]; stop: () => void }> {
    const abort = new AbortController()
    const response = await this.fetch('/api/events', { signal: abort.signal })
    if (!response.ok || !response.body) throw new Refused('/api/events', response.status, undefined)
    const topics: string[] = []
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    const first = Promise.withResolvers<void>()
    void (async () => {
      try {
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          first.resolve()
          for (const match of part.value.matchAll(/"topics":\[([^\]]*)\]/g))
            topics.push(...match[1]!.replaceAll('"', '').split(','))
        }
      } catch {
        first.resolve() // the listener was stopped
      }
    })()
    await first.promise
    return { topics, stop: () => abort.abort() }
  }
}

export type Sms = { sid: string; to: string; from: string; body: string; status: string; sentAt: string }

/** Every SMS on one phone, the newest last. */
export async function phoneOf(world: World, mobileNumber: string): Promise<Sms[]> {
  const response = await fetch(`${world.sandboxUrl}/_sandbox/messages?to=${encodeURIComponent(mobileNumber)}`)
  return ((await response.json()) as { messages: Sms[] }).messages
}

/**
 * Polls until there is an answer. A failure names what was awaited and carries the last error as its cause.
 */
export async function waitFor<Answer>(
  what: string,
  look: () => Promise<Answer | undefined | null | false>,
  seconds = 45,
): Promise<Answer> {
  const until = Date.now() + seconds * 1000
  let last: unknown
  for (;;) {
    try {
      const found = await look()
      if (found) return found
    } catch (error) {
      last = error
    }
    if (Date.now() > until) throw new Error(`${what} did not come within ${seconds} seconds`, { cause: last })
    await sleep(100)
  }
}

/** A random number that is valid in Australia: not every block behind +61 4 is allotted. */
export function newMobileNumber(): string {
  return `+614${String(Math.floor(10_000_000 + Math.random() * 30_000_000))}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
