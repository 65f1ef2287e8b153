// Every page and dialog, and the way to it, in the world of the seeded situations.
import type { Page } from 'playwright'
import type { FoundPurchases } from '../../server/journey/operations/found-purchases-view.ts'
import { situations } from '../../world/situations.ts'
import { seedHosts } from '../../sandbox/seed/hosts.ts'
import { paymentPage } from './acts.ts'
import type { Bookings } from '../../server/journey/bookings/booking-view.ts'

export type Scene = {
  name: string
  /** Whose number is signed in; undefined is a visitor. */
  mobileNumber?: string
  /** Leads from a blank tab to the scene. */
  open: (page: Page) => Promise<void>
}

const numberOf = (fullName: string) =>
  [...situations, ...seedHosts].find((one) => one.fullName === fullName)!.mobileNumber
const robin = numberOf('Robin Member')
const jonas = numberOf('Jonas Weber')
const amelia = numberOf('Amelia Hart')

const bookingsOf = async (page: Page) => (await (await page.request.get('/api/bookings')).json()) as Bookings

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()

async function goTo(page: Page, path: string, name: string | RegExp): Promise<void> {
  await page.goto(path)
  await heading(page, name)
}

async function openPlans(page: Page): Promise<void> {
  await goTo(page, '/host-selection', 'Amelia Hart')
  await page.getByRole('link', { name: 'Amelia Hart' }).click()
  await heading(page, 'Choose a plan')
}

async function openCode(page: Page): Promise<void> {
  await goTo(page, '/sign-in', 'Welcome')
  await page.getByLabel('Mobile number').fill('+61491579309')
  await page.getByRole('button', { name: 'Text me a code' }).click()
  await page.getByLabel('6-digit code').waitFor()
}

export const scenes: Scene[] = [
  { name: 'the welcome', open: (page) => goTo(page, '/', 'Ten minutes with somebody who listens.') },
  { name: 'the sign-in', open: (page) => goTo(page, '/sign-in', 'Welcome') },
  { name: 'the sign-in with its code', open: openCode },
  { name: 'the hosts', open: (page) => goTo(page, '/host-selection', 'Amelia Hart') },
  {
    name: 'a search that finds nobody',
    open: (page) => goTo(page, '/host-selection?q=nobodyiscalledthis', 'Nobody matches that'),
  },
  { name: 'the plans', open: openPlans },
  { name: 'the help page', open: (page) => goTo(page, '/help', 'Write to us') },
  { name: 'the pledge', open: (page) => goTo(page, '/legal/pledge', 'Community pledge') },
  {
    name: 'the first sign-in of a host',
    mobileNumber: '+61491570156',
    open: (page) => goTo(page, '/host', 'Welcome, Kenji'),
  },
  {
    name: 'reporting somebody',
    mobileNumber: robin,
    open: async (page) => {
      await goTo(page, `/?session=${(await bookingsOf(page)).upcoming[0]!.id}`, 'Session')
      await page.getByRole('button', { name: /^Report or block/ }).click()
      await page.getByRole('dialog', { name: 'Report or block' }).waitFor()
    },
  },
  { name: 'an address that leads nowhere', open: (page) => goTo(page, '/nowhere', /./) },
  {
    name: 'the first dashboard',
    mobileNumber: numberOf('Noor Aziz'),
    open: (page) => goTo(page, '/', 'Your first conversation'),
  },
  { name: 'a full dashboard', mobileNumber: robin, open: (page) => goTo(page, '/', 'Past') },
  {
    name: 'the details of a session',
    mobileNumber: robin,
    open: async (page) => goTo(page, `/?session=${(await bookingsOf(page)).upcoming[0]!.id}`, 'Session'),
  },
  {
    name: 'the page after a session',
    mobileNumber: robin,
    open: async (page) =>
      goTo(page, `/?after=${(await bookingsOf(page)).past[0]!.id}`, 'Thank you for being here'),
  },
  {
    name: 'the calendar',
    mobileNumber: robin,
    open: async (page) => {
      const [unused] = (await bookingsOf(page)).unused
      await goTo(page, `/bookings/${unused!.id}/schedule?host=${unused!.host.id}`, 'Pick a time')
      await page.getByRole('button', { name: /^Next free/ }).click()
      await page.getByRole('button', { name: 'Confirm this time' }).waitFor()
    },
  },
  {
    name: 'the payment',
    mobileNumber: robin,
    open: async (page) => {
      await openPlans(page)
      await page.getByRole('button', { name: 'Choose one session' }).click()
      await paymentPage(page)
    },
  },
  { name: 'the account', mobileNumber: robin, open: (page) => goTo(page, '/account', 'Account') },
  {
    name: 'the waiting room',
    mobileNumber: jonas,
    open: async (page) => {
      await page.goto(`/video-session?booking=${(await bookingsOf(page)).upcoming[0]!.id}`)
      await page.getByRole('button', { name: 'Join session' }).waitFor()
    },
  },
  {
    name: 'the video session',
    mobileNumber: jonas,
    open: async (page) => {
      await page.goto(`/video-session?booking=${(await bookingsOf(page)).upcoming[0]!.id}`)
      await page.getByRole('button', { name: 'Join session' }).click()
      await page.frameLocator('iframe').getByText('Waiting for the other person').waitFor()
    },
  },
  ...['sessions', 'hours', 'members', 'earnings'].map((tab): Scene => ({
    name: `a host's ${tab}`,
    mobileNumber: amelia,
    open: async (page) => {
      await goTo(page, `/host?tab=${tab}`, 'Hello, Amelia')
      await page.getByRole('tabpanel').locator('.skeleton').first().waitFor({ state: 'detached' })
    },
  })),
  { name: 'the operations', mobileNumber: '+61491578888', open: (page) => goTo(page, '/ops', /./) },
  {
    name: 'a purchase as an operator sees it',
    mobileNumber: '+61491578888',
    open: async (page) => {
      const { purchases } = (await (
        await page.request.get('/api/ops/purchases?q=Robin')
      ).json()) as FoundPurchases
      await goTo(page, `/ops/purchases/${purchases[0]!.id}`, 'Evidence')
    },
  },
  {
    name: 'a receipt',
    mobileNumber: robin,
    open: async (page) =>
      goTo(page, `/receipts/${(await bookingsOf(page)).past[0]!.purchaseId}`, /^Receipt|^Tax invoice/),
  },
]
