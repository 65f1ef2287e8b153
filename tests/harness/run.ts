// What a test file asks of the run it belongs to; global-setup.ts answers.
import { inject } from 'vitest'

/** Throws what the run said where it failed. */
export async function askRun(method: 'POST' | 'DELETE', what: string): Promise<string> {
  const response = await fetch(`${inject('runUrl')}/${what}`, { method })
  const text = await response.text()
  if (!response.ok) throw new Error(`The test run could not answer ${method} ${what}: ${text}`)
  return text
}

/** A port that nobody else gets in this run, also while nobody listens on it yet. */
export async function reservePort(): Promise<number> {
  return Number(await askRun('POST', 'port'))
}

/** Builds the pages where they do not fit the sources; once per run. */
export async function ensurePages(): Promise<void> {
  await askRun('POST', 'pages')
}
