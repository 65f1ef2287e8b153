// The outside world alone: the sandbox with all its stand-ins, something that receives webhooks, and plain
// calls by fetch.
import { startApplication, type TestApplication } from '../../../sandbox/core/testing/application.ts'
import type { JournalEntry } from '../../../sandbox/core/journal.ts'
import { type Sandbox, startSandbox } from '../../../sandbox/core/start.ts'

/** The result of JSON.parse: callers read it as the provider documents it. */
export type Parsed = ReturnType<typeof JSON.parse>
export type Answer = { status: number; body: Parsed; headers: Headers }

export type Outside = {
  sandbox: Sandbox
  url: string
  keys: Record<string, string>
  receiver: TestApplication
  /**
   * A call as the documentation shows it with curl: the body as JSON, a form as URLSearchParams, a text
   * unchanged.
   */
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  control: (method: string, path: string, body?: unknown) => Promise<Answer>
  advance: (ms: number) => Promise<void>
  journal: () => Promise<JournalEntry[]>
  close: () => Promise<void>
}

export async function startOutside(): Promise<Outside> {
  const receiver = await startApplication()
  const sandbox = await startSandbox({
    port: 0,
    dataDir: ':memory:',
    appUrl: receiver.url,
    log: () => undefined,
    journalTextLimit: 2_000_000,
  })
  sandbox.ctx.store.put('core.limits', 'limits', { on: false })
  return {
    sandbox,
    url: sandbox.baseUrl,
    keys: sandbox.ctx.keys,
    receiver,
    ...callers(sandbox.baseUrl),
    close: async () => {
      await sandbox.close()
      await receiver.close()
    },
  }
}

export function callers(url: string): Pick<Outside, 'call' | 'control' | 'advance' | 'journal'> {
  const call: Outside['call'] = async (method, path, body, headers = {}) => {
    const isText = typeof body === 'string' || body instanceof URLSearchParams
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    }
  }
  const control: Outside['control'] = (method, path, body) => call(method, `/_sandbox${path}`, body)
  return {
    call,
    control,
    advance: async (ms) => void (await control('POST', '/clock', { advanceMs: ms })),
    journal: async () => (await control('GET', '/journal')).body.entries as JournalEntry[],
  }
}

/**
 * The status (and code, where the package reports it) of a call by an official package that must be refused.
 */
export async function refusal(
  act: Promise<unknown>,
): Promise<{ status?: number; code?: unknown; type?: unknown; message: string }> {
  try {
    await act
  } catch (error) {
    const { status, statusCode, code, type, error: name, message } = error as Record<string, unknown>
    return { status: Number(statusCode ?? status), code: code ?? name, type, message: String(message) }
  }
  throw new Error('this was not refused')
}

export function must(isSo: boolean, sentence: string): asserts isSo {
  if (!isSo) throw new Error(sentence)
}
