// What a test file asks of the run it belongs to; global-setup.ts answers.
import { inject } from 'vitest'

/** Throws the run's own error message. */
export async function askRun(method: 'POST' | 'DELETE', what: string): Promise<string> {
  const response = await fetch(`${inject('runUrl')}/${what}`, { method })
  const text = await response.text()
  if (!response.ok) throw new Error(`The test run could not answer ${method} ${what}: ${text}`)
  return text
}

/** A port that nobody else gets in this run, even before anybody listens on it. */
export async function reservePort(): Promise<number> {
  return Number(await askRun('POST', 'port'))
}

/** Builds the pages where they are out of date; once per run. */
export async function ensurePages(): Promise<void> {
  await askRun('POST', 'pages')
}
