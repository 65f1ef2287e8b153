// Detours on the pages: refused cards, closed windows, several tabs, and two people who want the same time.
import type { FrameLocator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newMobileNumber, Person } from '../../world/person.ts'
import { chooseSession, chooseTime, focusOn, paymentPage, payWith, signIn } from './acts.ts'
import { type BrowserWorld, chromiumPath, openBrowserWorld } from './world.ts'
import { openAs, type Visitor } from './visitor.ts'

const hostName = 'Kenji Watanabe'

describe.skipIf(!chromiumPath)('moments on the pages (needs Chromium)', () => {
  let world: BrowserWorld
  let here: Visitor[] = []
  beforeAll(async () => {
    world = await openBrowserWorld()
  })
  afterEach(async () => {
    const leaving = here
    here = []
    for (const visitor of leaving) await visitor.leave()
  })
  afterAll(() => world.stop())

  /** A member who is signed in already, in a browser of their own. */
  async function member(fullName: string, width = 1280): Promise<Visitor> {
    const visitor = await world.visitor({ viewport: { width, height: 860 }, serviceWorkers: 'block' })
    here.push(visitor)
    const person = new Person(world.presence, newMobileNumber())
    await person.signIn()
    await person.ask('PATCH', '/api/me', { fullName, timeZone: 'Australia/Melbourne' })
    await person.consent()
    await openAs(visitor, person)
    return visitor
  }

  async function openPayment(page: Page): Promise<FrameLocator> {
    await page.goto('/host-selection')
    return chooseSession(page, hostName)
  }

  const timeToPick = (page: Page) => page.getByRole('heading', { name: 'Pick a time' }).waitFor()
  const purchasesOf = async (page: Page) => {
    const answer = await page.request.get('/api/bookings')
    return ((await answer.json()) as { unused: unknown[] }).unused.length
  }

  test('a declined card is explained in words of the bank, and another one pays', async () => {
    const { page } = await member('Dana Moss', 390)
    const frame = await openPayment(page)
    await payWith(frame, '4000000000000002')
    await frame.getByText('Your card was declined.').waitFor()
    expect(await purchasesOf(page)).toBe(0)
    await payWith(frame, '4242424242424242')
    await timeToPick(page)
    expect(await purchasesOf(page)).toBe(1)
  })

  test('a card that asks for authentication pays once the bank has its answer', async () => {
    const { page } = await member('Ari Stone')
    const frame = await openPayment(page)
    await payWith(frame, '4000002500003155')
    await frame.getByRole('button', { name: 'Fail' }).click()
    await frame.getByText('We are unable to authenticate your payment method').waitFor()
    await frame.getByRole('button', { name: /^Pay A?\$/ }).click()
    await frame.getByRole('button', { name: 'Complete' }).click()
    await timeToPick(page)
    expect(await purchasesOf(page)).toBe(1)
  })

  test('closing the payment page charges nothing and leads back to where the member was', async () => {
    const { page } = await member('Noor Vale', 390)
    await openPayment(page)
    const dialog = page.getByRole('dialog', { name: `One session with ${hostName}` })
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Nothing was charged').first().waitFor()
    await page.getByRole('button', { name: 'Choose weekly pack' }).click()
    const weekly = page.getByRole('dialog', { name: `Weekly pack with ${hostName}` })
    await (await paymentPage(page)).getByRole('button', { name: /40\.00$/ }).waitFor()
    await focusOn(weekly.getByRole('button', { name: 'Close' }))
    await page.keyboard.press('Escape')
    await weekly.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Choose a plan' }).waitFor()
    expect(
      await page
        .getByRole('button', { name: 'Choose weekly pack' })
        .evaluate((button) => button === document.activeElement),
    ).toBe(true)
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0)
    expect(await purchasesOf(page)).toBe(0)
  })

  test('a payment page opened again ends the one before, and the payment shows in every tab', async () => {
    const { context, page } = await member('Lou Banks')
    await openPayment(page)
    const [dashboard, plans] = [await context.newPage(), await context.newPage()]
    await dashboard.goto('/')
    await dashboard.getByRole('heading', { name: 'Your first conversation' }).waitFor()
    await plans.goto('/host-selection')
    const frame = await chooseSession(plans, hostName)
    await page.getByRole('alert').getByText('Nothing was charged.').waitFor()
    await payWith(frame, '4242424242424242')
    await timeToPick(plans)
    await dashboard.getByText('1 session to use').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await page.getByText('You have a session to use.').waitFor()
    await page.getByRole('link', { name: 'Pick a time with Kenji' }).click()
    await timeToPick(page)
    expect(await purchasesOf(page)).toBe(1)
  })

  test('a visitor chooses a host and a plan, signs in, and is back at exactly that payment', async () => {
    const visitor = await world.visitor({ viewport: { width: 390, height: 844 } })
    here.push(visitor)
    const { page } = visitor
    await page.goto('/host-selection')
    await page.getByRole('link', { name: hostName }).click()
    await page.getByRole('button', { name: 'Choose one session' }).click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    await page.getByLabel('Mobile number').and(page.locator(':focus')).waitFor()
    await signIn(visitor, newMobileNumber(), 'Ines Ford')
    await page.getByRole('dialog', { name: `One session with ${hostName}` }).waitFor()
    await payWith(await paymentPage(page), '4242424242424242')
    await timeToPick(page)
  })

  test('a page for members sends a visitor to sign in and back to it', async () => {
    const visitor = await world.visitor()
    here.push(visitor)
    await visitor.page.goto('/account')
    await signIn(visitor, newMobileNumber(), 'Remy Cole')
    await visitor.page.getByRole('heading', { name: 'Account' }).waitFor()
    await visitor.page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await visitor.page.getByRole('link', { name: 'Sign in' }).first().waitFor()
  })

  test('of two members who want one time, one gets it and the other is told and picks another', async () => {
    const [first, second] = [await member('Wren Hale'), await member('Bo Lund', 390)]
    for (const { page } of [first, second]) {
      await payWith(await openPayment(page), '4242424242424242')
      await timeToPick(page)
    }
    // A tap reserves the start for the first member, before anything is confirmed.
    const kept = first.page.waitForResponse((answer) => answer.url().endsWith('/reserve') && answer.ok())
    const words = await chooseTime(first.page)
    await kept
    const bookingId = /bookings\/([^/]+)\//.exec(second.page.url())![1]!
    second.expects(`409 POST /api/bookings/${bookingId}/reserve`)
    await second.page.getByRole('button', { name: words, exact: true }).click()
    await second.page
      .getByRole('alert')
      .getByText(/time.*Please choose another\.$/)
      .waitFor()
    await first.page.getByRole('button', { name: 'Confirm this time' }).click()
    await first.page.getByRole('heading', { name: "You're booked" }).waitFor()
    await second.page.getByRole('button', { name: words, exact: true }).waitFor({ state: 'detached' })
    await chooseTime(second.page)
    await second.page.getByRole('button', { name: 'Confirm this time' }).click()
    await second.page.getByRole('heading', { name: "You're booked" }).waitFor()
  })

  test('scripts and styles are compressed where a browser accepts that, and cached for ever', async () => {
    const page = await (await fetch(`${world.presence.url}/host-selection`)).text()
    const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
      (match) => match[1]!,
    )
    expect(files.length).toBeGreaterThan(1)
    for (const file of files) {
      const [small, whole] = await Promise.all(
        ['br', 'identity'].map((encoding) =>
          fetch(world.presence.url + file, { headers: { 'accept-encoding': encoding } }),
        ),
      )
      expect([small!.headers.get('content-encoding'), whole!.headers.get('content-encoding')]).toEqual([
        'br',
        null,
      ])
      expect(small!.headers.get('vary')).toMatch(/accept-encoding/i)
      expect(small!.headers.get('content-type')).toBe(whole!.headers.get('content-type'))
      expect(small!.headers.get('cache-control')).toContain('immutable')
      expect(await small!.text()).toBe(await whole!.text())
    }
  })
})
