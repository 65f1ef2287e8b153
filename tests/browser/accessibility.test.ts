// Every page, for people at every step of the journey, meets the accessibility rules on a phone and on a
// desk.
import axe, { type RunOptions } from 'axe-core'
import type Axe from 'axe-core'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Person } from '../../world/person.ts'
import { playSituations } from '../../world/situations.ts'
import { scenes } from './scenes.ts'
import { type BrowserWorld, chromiumPath, openBrowserWorld } from './world.ts'
import { openAs } from './visitor.ts'

const looks = [
  { width: 390, colorScheme: 'light', isWhole: true },
  { width: 390, colorScheme: 'dark', isWhole: false },
  { width: 1280, colorScheme: 'dark', isWhole: false },
  { width: 1280, colorScheme: 'light', isWhole: true },
] as const

/** Waits until animations have ended, except endless ones such as a loading shimmer. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const ending = document
      .getAnimations()
      .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime))
    await Promise.allSettled(ending.map((animation) => animation.finished))
  })
}

declare global {
  var axe: typeof Axe
}

/**
 * Axe does not know that a frame has focusable fields, or that a scrolling parent can be scrolled with them.
 */
function learnAboutFrames(): void {
  globalThis.axe.configure({ rules: [{ id: 'scrollable-region-focusable', selector: ':not(:has(iframe))' }] })
}

/** The problems of the page as it stands, a line each. Another colour scheme can only change the contrast. */
async function problemsOf(page: Page, isWhole: boolean): Promise<string[]> {
  await settled(page)
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  // Frames belong to others; the pages of the sandbox are tested beside their sources.
  const options: RunOptions = {
    iframes: false,
    resultTypes: ['violations'],
    ...(isWhole ? {} : { runOnly: ['color-contrast'] }),
  }
  const { violations } = await page.evaluate((wanted) => globalThis.axe.run(wanted), options)
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return [
    ...(tooWide > 0 ? [`${tooWide} pixels too wide`] : []),
    ...grave.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} (${node.any[0]?.message ?? node.failureSummary})`),
    ),
  ]
}

describe.skipIf(!chromiumPath)('on a phone and on a desk, light and dark (needs Chromium)', () => {
  let world: BrowserWorld
  const people = new Map<string, Person>()
  beforeAll(async () => {
    world = await openBrowserWorld()
    await playSituations(world.presence)
  })
  afterAll(() => world.stop())

  /** Codes are rate limited, so everybody signs in once. */
  async function signedIn(mobileNumber: string): Promise<Person> {
    const known = people.get(mobileNumber)
    if (known) return known
    const person = new Person(world.presence, mobileNumber)
    await person.signIn()
    people.set(mobileNumber, person)
    return person
  }

  test.each(scenes)(
    '$name: accessible to everybody, and no wider than the screen',
    async ({ mobileNumber, open }) => {
      const visitor = await world.visitor({
        viewport: { width: 390, height: 844 },
        serviceWorkers: 'block',
      })
      if (mobileNumber) await openAs(visitor, await signedIn(mobileNumber))
      const { page } = visitor
      await open(page)
      await page.evaluate(axe.source)
      await page.evaluate(learnAboutFrames)
      const problems: Record<string, string[]> = {}
      for (const { width, colorScheme, isWhole } of looks) {
        await page.setViewportSize({ width, height: width === 390 ? 844 : 860 })
        await page.emulateMedia({ colorScheme })
        const found = await problemsOf(page, isWhole)
        if (found.length > 0) problems[`${width} ${colorScheme}`] = found
      }
      expect(problems).toEqual({})
      await visitor.leave()
    },
  )
})
