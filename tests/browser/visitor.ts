// One person's browser. It collects complaints: console errors, failed and refused requests.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright'
import { expect } from 'vitest'
import type { Person } from '../../world/person.ts'
import type { Presence } from '../harness/presence.ts'

export type Visitor = {
  context: BrowserContext
  page: Page
  presence: Presence
  /** Accepts one complaint, such as "409 POST /functions/v1/calcom-create-booking". */
  expects: (complaint: string) => void
  /** Accepts every complaint of this kind. */
  expectsAll: (complaints: RegExp) => void
  /** Closes the browser, and fails after any complaint that was not accepted. */
  leave: () => Promise<void>
}

/** Patience for a slow machine that is shared with others; no test asserts speed. */
const patienceMs = 60_000

export async function openVisitor(
  browser: Browser,
  presence: Presence,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: presence.url,
    locale: 'en-AU',
    timezoneId: 'Australia/Melbourne',
    viewport: { width: 1280, height: 860 },
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(patienceMs)
  // The page asks who is signed in, and a visitor gets this answer.
  const expected = new Set(['401 GET /api/me'])
  const complaints: string[] = []
  let known = /^$/
  context.on('weberror', (error) =>
    complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`),
  )
  context.on('console', (message) => {
    // Refused and failed requests are collected below, with their address or reason.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(`console: ${message.text()}`)
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown'
    // Leaving a page aborts its requests.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${reason} ${request.method()} ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() < 400) return
    const { origin, pathname } = new URL(response.url())
    complaints.push(
      `${response.status()} ${response.request().method()} ${origin === presence.url ? '' : origin}${pathname}`,
    )
  })
  return {
    context,
    page: await context.newPage(),
    presence,
    expectsAll: (kind) => void (known = kind),
    expects: (complaint) => void expected.add(complaint),
    leave: async () => {
      await context.close()
      expect(complaints.filter((complaint) => !expected.has(complaint) && !known.test(complaint))).toEqual([])
    },
  }
}

/** The browser of somebody who has signed in already. */
export async function openAs({ context, presence }: Visitor, person: Person): Promise<void> {
  await context.addCookies([...person.cookies].map(([name, value]) => ({ name, value, url: presence.url })))
}
