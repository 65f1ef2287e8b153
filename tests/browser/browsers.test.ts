// What browsers do to a page: many tabs, blocked storage, translation, an old browser, a release, few
// devices.
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newMobileNumber, Person } from '../../world/person.ts'
import { alwaysFreeHost, type Host, openSession, paidPurchase, signedInMember } from '../people/actors.ts'
import { focusOn } from './acts.ts'
import { type BrowserWorld, chromiumPath, openBrowserWorld } from './world.ts'
import { openAs, type Visitor } from './visitor.ts'

describe.skipIf(!chromiumPath)('browsers (needs Chromium)', () => {
  let world: BrowserWorld
  let ruby: Host
  let here: Visitor[] = []
  beforeAll(async () => {
    world = await openBrowserWorld({ env: { VIDEO: 'builtin', DAILY_API_KEY: '', DAILY_WEBHOOK_SECRET: '' } })
    ruby = await alwaysFreeHost(world.presence)
  })
  afterEach(async () => {
    const leaving = here
    here = []
    for (const visitor of leaving) await visitor.leave()
  })
  afterAll(() => world.stop())

  async function visitor(): Promise<Visitor> {
    const opened = await world.visitor({ serviceWorkers: 'block' })
    here.push(opened)
    return opened
  }
  async function member(fullName = 'Dana Moss'): Promise<Visitor & { person: Person }> {
    const opened = await visitor()
    const person = new Person(world.presence, newMobileNumber())
    await person.signIn()
    await person.ask('PATCH', '/api/me', { fullName, timeZone: 'Australia/Melbourne' })
    await openAs(opened, person)
    return { ...opened, person }
  }
  const accountOf = (page: Page) => page.getByRole('heading', { name: 'Account', level: 1 })

  test('seven tabs of one person all load, by one live stream that passes on to the next tab', async () => {
    const { context, page: first, person } = await member()
    const streams = new Set<Page>()
    const watch = (page: Page) => {
      page.on('request', (request) => request.url().endsWith('/api/events') && streams.add(page))
      page.on('requestfailed', (request) => request.url().endsWith('/api/events') && streams.delete(page))
    }
    watch(first)
    const tabs = [first]
    await first.goto('/account')
    await accountOf(first).waitFor()
    while (tabs.length < 7) {
      const tab = await context.newPage()
      watch(tab)
      tabs.push(tab)
      await tab.goto('/account')
      await accountOf(tab).waitFor()
    }
    expect(streams.size).toBe(1)
    // Every tab hears what one stream brings.
    const [leader] = streams
    const hears = async (page: Page, name: string) => {
      const renamed = page.waitForResponse((response) => response.url().endsWith('/api/me'), {
        timeout: 30_000,
      })
      await person.ask('PATCH', '/api/me', { fullName: name })
      await renamed
    }
    await hears(
      tabs.find((tab) => tab !== leader)!,
      'Robin Vale',
    )
    await leader!.close()
    const left = tabs.filter((tab) => tab !== leader)
    await expect.poll(() => left.filter((tab) => streams.has(tab)).length, { timeout: 30_000 }).toBe(1)
    await hears(
      left.find((tab) => !streams.has(tab))!,
      'Robin Stone',
    )
  })

  test('a hidden tab leaves the live stream, and takes it again when it is shown', async () => {
    const { page } = await member()
    let open = 0
    page.on('request', (request) => request.url().endsWith('/api/events') && (open += 1))
    page.on('requestfailed', (request) => request.url().endsWith('/api/events') && (open -= 1))
    await page.goto('/account')
    await accountOf(page).waitFor()
    await expect.poll(() => open).toBe(1)
    const show = (state: string) =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, state)
    await show('hidden')
    await expect.poll(() => open).toBe(0)
    await show('visible')
    await expect.poll(() => open).toBe(1)
  })

  test('a person whose browser blocks all storage signs in and uses the pages', async () => {
    const { page, context } = await member()
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('The request is denied.', 'SecurityError')
          },
        })
      Object.defineProperty(window, 'BroadcastChannel', { value: undefined })
      Object.defineProperty(navigator, 'locks', { value: undefined })
    })
    await page.goto('/account')
    await accountOf(page).waitFor()
    await page.getByLabel('Your name').fill('Dana Stone')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('link', { name: 'Sign in' }).first().waitFor()
  })

  /** As Chrome does: a <font> in a <font> takes the place of each text, and the text is kept aside. */
  const translate = (page: Page) =>
    page.evaluate(() => {
      const walker = document.createTreeWalker(document.getElementById('root')!, NodeFilter.SHOW_TEXT)
      const texts: Text[] = []
      while (walker.nextNode()) texts.push(walker.currentNode as Text)
      for (const [index, text] of texts.entries()) {
        if (text.data.trim() === '' || text.parentElement!.closest('font')) continue
        const [outer, inner] = [document.createElement('font'), document.createElement('font')]
        inner.textContent = `«${text.data}»`
        outer.append(inner)
        // Versions differ in whether they replace a text or put the new one before it.
        if (index % 2 === 0) text.replaceWith(outer)
        else {
          text.before(outer)
          text.remove()
        }
      }
    })

  test('a translated page goes on: what changes is shown, and what goes away is gone', async () => {
    const { page } = await member()
    await page.goto('/host-selection')
    await page.getByRole('heading', { name: 'Kenji Watanabe' }).waitFor()
    await translate(page)
    await page.getByRole('searchbox').fill('kenji')
    await expect
      .poll(() => page.getByRole('heading', { level: 2 }).allInnerTexts())
      .toEqual(['«Kenji Watanabe»'])
    await translate(page)
    await page.getByRole('searchbox').fill('nobody at all')
    await page
      .getByText(/nobody|no host/i)
      .first()
      .waitFor()
    await translate(page)
    await page.getByRole('searchbox').fill('')
    await page.getByRole('heading', { name: 'Kenji Watanabe' }).waitFor()
    await translate(page)
    await page
      .getByRole('link', { name: /Account/ })
      .first()
      .click()
    await accountOf(page).waitFor()
    await translate(page)
    expect(await page.getByText('This page lost its thread').count()).toBe(0)
    await page
      .getByRole('button', { name: /Sign out/ })
      .filter({ hasNotText: 'everywhere' })
      .click()
    await page.getByRole('link', { name: 'Sign in' }).first().waitFor()
  })

  test('a text beside others that goes away or changes on a translated page is gone or changed', async () => {
    const { page } = await visitor()
    await page.clock.install()
    await page.goto('/sign-in')
    await page.getByLabel('Mobile number').fill(newMobileNumber())
    await page.getByRole('button', { name: 'Text me a code' }).click()
    await page.getByLabel('6-digit code').waitFor()
    await translate(page)
    // React takes away two texts that stand beside an element, one by one.
    await page.clock.runFor(31_000)
    await page.getByRole('button', { name: 'Send a new code' }).waitFor()
    expect(await page.getByText(/Didn't get it/).count()).toBe(0)
    const shown = await page.evaluate(async () => {
      const [place, text] = [document.createElement('p'), document.createTextNode('one')]
      place.append(text, document.createElement('b'))
      document.getElementById('root')!.append(place)
      const font = document.createElement('font')
      font.textContent = 'eins'
      text.replaceWith(font)
      await Promise.resolve()
      text.nodeValue = 'two'
      await Promise.resolve()
      const answer = place.textContent
      place.remove()
      return answer
    })
    expect(shown).toBe('two')
  })

  test('a browser that is too old is told which one is needed, and a page that fails to start says so', async () => {
    const { page, context } = await visitor()
    await context.addInitScript(() => {
      const supports = CSS.supports.bind(CSS)
      CSS.supports = (...asked: string[]) =>
        !asked.join(' ').includes('light-dark') && supports(...(asked as [string, string]))
    })
    await page.goto('/')
    await page.getByRole('heading', { name: 'Presence needs a newer browser' }).waitFor()
    await page.getByText(/Chrome \d+, Edge \d+, Firefox \d+ or Safari [\d.]+, or a newer one/).waitFor()
    expect(await page.locator('#root').isVisible()).toBe(false)

    const other = await visitor()
    other.expectsAll(/^uncaught: /)
    await other.page.route(/\/assets\/index-.*\.js$/, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'this is no JavaScript of today' }),
    )
    await other.page.goto('/')
    await other.page.getByText('Presence is still starting').waitFor()
    await expect
      .poll(() => other.page.locator('#slow-start').evaluate((one) => getComputedStyle(one).visibility), {
        timeout: 20_000,
      })
      .toBe('visible')
  })

  test('a page whose chunk is gone after a release reloads once, and says so when that did not help', async () => {
    const { page, expects, expectsAll } = await member()
    // The module that did not come is undefined until the reload has begun.
    expectsAll(/^console: TypeError: (Failed to fetch dynamically imported module|.*reading 'default')/)
    await page.goto('/host-selection')
    await page.getByRole('heading', { name: 'Kenji Watanabe' }).waitFor()
    let loads = 0
    page.on('load', () => (loads += 1))
    const chunk = /\/assets\/Account-.*\.js$/
    const address = new Promise<string>((resolve) =>
      page.on('request', (request) => chunk.test(request.url()) && resolve(new URL(request.url()).pathname)),
    )
    let isGone = true
    await page.route(chunk, (route) => (isGone ? route.fulfill({ status: 404 }) : route.continue()))
    await page.getByRole('link', { name: 'Account' }).first().click()
    expects(`404 GET ${await address}`)
    await expect.poll(() => loads).toBe(1)
    await page.getByText('This page lost its thread').waitFor()
    expect(loads).toBe(1)
    isGone = false
    await page.getByRole('button', { name: 'Reload the page' }).click()
    await accountOf(page).waitFor()
  })

  test.each([
    [
      'camera',
      'No camera was found. Connect one, or join with another device. You can join with sound alone.',
    ],
    ['microphone', 'No microphone was found.'],
  ])(
    'somebody without a %s comes into the room, with a sentence, and no release reloads it',
    async (missing, says) => {
      const { member: one, booking } = await openSession(ruby)
      const { page, context } = await visitor()
      await openAs({ context, presence: world.presence } as Visitor, one)
      await context.addInitScript((kind) => {
        const { getUserMedia } = MediaDevices.prototype
        MediaDevices.prototype.getUserMedia = function (asked) {
          if (asked?.[kind === 'camera' ? 'video' : 'audio'])
            return Promise.reject(new DOMException('Requested device not found', 'NotFoundError'))
          return getUserMedia.call(this, asked)
        }
      }, missing)
      await context.grantPermissions(['camera', 'microphone'])
      await page.goto(`/video-session?booking=${booking.id}`)
      await page.getByText(says).waitFor()
      await page.getByRole('button', { name: 'Join session' }).click()
      await page.getByRole('button', { name: 'Leave' }).waitFor()
      await page.getByText(says).waitFor()
      const marked = await page.evaluate(() => {
        Object.assign(window, { isSamePage: true })
        window.dispatchEvent(new Event('vite:preloadError', { cancelable: true }))
        return new Promise((resolve) => setTimeout(() => resolve('isSamePage' in window), 1500))
      })
      expect(marked).toBe(true)
      await page.getByRole('button', { name: 'Leave' }).click()
      await page.getByRole('button', { name: 'Leave' }).waitFor({ state: 'detached' })
    },
  )

  test('no key loses the focus in a month with two free days, nor on the way to the next month', async () => {
    const one = await signedInMember(world.presence, 'Key Member')
    const { bookingIds } = await paidPurchase(one, ruby)
    const { page, context } = await visitor()
    await openAs({ context, presence: world.presence } as Visitor, one)
    const free = ['10', '25']
    await page.route(/\/api\/hosts\/[^/]+\/slots/, async (route) => {
      const response = await route.fetch()
      const answer = (await response.json()) as { slots: { start: string }[] }
      const slots = answer.slots.filter(
        ({ start }) => free.includes(start.slice(8, 10)) && start.includes('T02:'),
      )
      await route.fulfill({ response, json: { ...answer, slots } })
    })
    await page.goto(`/bookings/${bookingIds[0]}/schedule`)
    const focused = () =>
      page.evaluate(() => document.activeElement?.closest('[data-day]')?.getAttribute('data-day'))
    await focusOn(page.getByRole('button', { name: 'Wednesday 10 March' }))
    await page.keyboard.press('ArrowRight')
    await expect.poll(focused).toBe('2027-03-25')
    await page.keyboard.press('ArrowUp')
    await expect.poll(focused).toBe('2027-03-10')
    const hasFocus = () =>
      page.evaluate(
        () =>
          document.activeElement?.closest('[tabindex="-1"], [data-day]')?.querySelector('table') !==
            undefined && document.activeElement !== document.body,
      )
    const keys = [
      'ArrowLeft',
      'ArrowUp',
      'PageUp',
      'Home',
      'End',
      'ArrowDown',
      'PageDown',
      'ArrowRight',
      'PageDown',
      'PageUp',
    ]
    for (const key of keys) {
      await page.keyboard.press(key)
      await expect.poll(hasFocus, { message: key }).toBe(true)
    }
    // Which of the two it is depends on how soon the months came: a key that is pressed before is passed over.
    const headings: Record<string, string> = { '2027-03-10': 'Wed 10 March', '2027-03-25': 'Thu 25 March' }
    await expect.poll(async () => headings[(await focused()) ?? '']).toBeDefined()
    const heading = headings[(await focused()) ?? '']!
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: heading }).waitFor()
  })
})
