// One person's browser. Whatever it complains about is kept: a console error, a failed or refused request.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright'
import { expect } from 'vitest'
import type { Person } from '../../world/person.ts'
import type { Presence } from '../harness/presence.ts'

export type Visitor = {
  context: BrowserContext
  page: Page
  presence: Presence
  /**
   * A complaint that belongs to what is being shown, such as "409 POST /functions/v1/calcom-create-booking".
   */
  expects: (complaint: string) => void
  /** Complaints of this kind belong to what is being shown, however many there are. */
  expectsAll: (complaints: RegExp) => void
  /** Closes the browser, and fails if it had anything unexpected to complain about. */
  leave: () => Promise<void>
}

/** A slow machine shared with others gets its time; nothing is asserted about speed. */
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
  // A visitor who has not signed in asks who they are, and is told that nobody knows.
  const expected = new Set(['401 GET /api/me'])
  const complaints: string[] = []
  let known = /^$/
  context.on('weberror', (error) =>
    complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`),
  )
  context.on('console', (message) => {
    // Refused requests are told below with their address, and failed ones with their reason.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(`console: ${message.text()}`)
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown'
    // A page that is left behind takes its requests along.
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
