// The whole journey through the pages, as two people in two browsers with cameras of their own.
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newMobileNumber } from '../../world/person.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { agree, chooseTime, chooseSession, payWith, seeMovingPicture, signIn } from './acts.ts'
import { type BrowserWorld, chromiumPath, openBrowserWorld } from './world.ts'
import type { Visitor } from './visitor.ts'

const hostName = 'Amelia Hart'
const hostNumber = '+61491570006'

/** From here on, nothing may need a reload of the page. */
async function markPage(page: Page): Promise<{ isStillTheSame: () => Promise<boolean> }> {
  await page.evaluate(() => document.documentElement.setAttribute('data-marked', ''))
  return { isStillTheSame: () => page.evaluate(() => document.documentElement.hasAttribute('data-marked')) }
}

describe.skipIf(!chromiumPath)('the journey on the pages (needs Chromium)', () => {
  let world: BrowserWorld
  let member: Visitor
  let host: Visitor
  beforeAll(async () => {
    world = await openBrowserWorld()
    member = await world.visitor({ viewport: { width: 390, height: 844 } })
    host = await world.visitor()
  })
  afterAll(() => world.stop())

  test('a member pays, picks a time, meets the host on video, and the host is paid', async () => {
    await signInAndFind(member.page)
    await payAndPickTime(member.page)
    await beReadyToBePaid(host)
    await seeTheRoomOpen(member.page)
    await meet(member.page, host.page)
    await part(member.page, host.page)
    await rebook(member.page)
    await seeMoney(host.page)
    await beLiked(member.page, host.page)
    await member.leave()
    await host.leave()
  })

  async function signInAndFind(page: Page): Promise<void> {
    await page.goto('/')
    await page.getByRole('link', { name: 'Sign in' }).first().click()
    await signIn(member, newMobileNumber(), 'Sam Rivers')
    await page.getByRole('heading', { name: /, Sam$/ }).waitFor()
    await page.getByRole('link', { name: 'Book a session' }).first().click()
    const names = () => page.getByRole('heading', { level: 2 }).allInnerTexts()
    await page.getByRole('heading', { name: hostName }).waitFor()
    await page.getByLabel('Search hosts by name or bio').fill('hospice nurse')
    await page.getByText('1 host found').waitFor()
    expect(await names()).toEqual([hostName])
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await page.getByRole('button', { name: 'Funny' }).click()
    await page.getByText(/^[2-9] hosts found$/).waitFor()
    await page.getByRole('heading', { name: hostName }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Funny' }).click()
    await page.getByRole('button', { name: 'Empathetic' }).click()
    await page.getByRole('heading', { name: hostName }).waitFor()
  }

  async function payAndPickTime(page: Page): Promise<void> {
    const checkout = await chooseSession(page, hostName)
    await payWith(checkout, '4242424242424242')
    await page.getByRole('heading', { name: 'Pick a time' }).waitFor()
    await page.getByText('Payment received').waitFor()
    const time = await chooseTime(page)
    await page.getByRole('button', { name: 'Confirm this time' }).click()
    await page.getByRole('heading', { name: "You're booked" }).waitFor()
    await page.getByRole('main').getByText(time).first().waitFor()
    await page.getByRole('link', { name: 'Go to my sessions' }).click()
    await page.getByRole('heading', { name: 'Upcoming' }).waitFor()
    await page.getByText(`with ${hostName}`).waitFor()
  }

  async function beReadyToBePaid(visitor: Visitor): Promise<void> {
    const { page } = visitor
    await page.goto('/host')
    await signIn(visitor, hostNumber)
    await agree(page)
    await page.getByRole('heading', { name: 'Hello, Amelia' }).waitFor()
    await page.getByRole('button', { name: 'Start with Stripe' }).click()
    await page.getByRole('button', { name: 'Complete with test data' }).click()
    await page.getByRole('heading', { name: 'Hello, Amelia' }).waitFor()
    await page.getByText('Set up your payments').waitFor({ state: 'detached' })
    await page.getByText('with Sam').waitFor()
  }

  async function seeTheRoomOpen(page: Page): Promise<void> {
    const join = page.getByRole('link', { name: 'Join session' })
    expect(await join.count()).toBe(0)
    const dashboard = await markPage(page)
    await world.presence.moveClock({ to: 'room_opens' })
    await join.waitFor()
    expect(await dashboard.isStillTheSame()).toBe(true)
  }

  async function meet(page: Page, hostPage: Page): Promise<void> {
    await hostPage.getByRole('link', { name: 'Join session' }).click()
    await hostPage.getByText("Sam isn't here yet").waitFor()
    await hostPage.getByRole('button', { name: 'Join session' }).click()
    await page.getByRole('link', { name: 'Join session' }).click()
    await page.getByRole('heading', { name: 'Before you begin' }).waitFor()
    await page.getByText('Amelia is here').waitFor()
    await page.getByRole('button', { name: 'Join session' }).click()
    const room = page.frameLocator('iframe[title="Video with Amelia Hart"]')
    await room.getByText(hostName).waitFor()
    await hostPage.frameLocator('iframe[title="Video with Sam"]').getByText('Sam', { exact: true }).waitFor()
    await Promise.all([seeMovingPicture(page), seeMovingPicture(hostPage)])
    await page.getByText('Amelia is here').waitFor()
    await hostPage.getByText('Sam is here').waitFor()
  }

  async function part(page: Page, hostPage: Page): Promise<void> {
    await world.presence.moveClock({ to: 'session_starts' })
    await world.presence.moveClock({ advanceMs: 9 * minuteMs })
    await page.getByText(/^Two minutes left/).waitFor()
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Thank you for being here' })
    await dialog.waitFor()
    await hostPage.getByText('Sam has left').waitFor()
    await hostPage.getByRole('button', { name: 'Leave', exact: true }).click()
    await hostPage.getByRole('heading', { name: 'Thank you for your time' }).waitFor()
    await world.presence.moveClock({ to: 'session_ends' })
    await dialog.getByRole('link', { name: 'Rebook with Amelia' }).waitFor()
    await dialog.getByRole('textbox').fill('I want to call my sister.')
    await dialog.getByRole('button', { name: 'Save reflection' }).click()
    await page.getByText('Your reflection is saved').waitFor()
  }

  async function rebook(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Rebook with Amelia' }).click()
    const first = page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { level: 2 }) })
      .first()
    await first.getByText('You have met before').waitFor()
    expect(await first.getByRole('heading').innerText()).toBe(hostName)
    await page.getByRole('link', { name: 'Home', exact: true }).filter({ visible: true }).click()
    await page.getByRole('heading', { name: 'Past' }).waitFor()
  }

  async function seeMoney(hostPage: Page): Promise<void> {
    await hostPage.getByRole('link', { name: 'Go to my hosting' }).click()
    await hostPage.getByRole('tab', { name: 'Earnings' }).click()
    const row = hostPage.getByRole('listitem').filter({ hasText: 'Sam' })
    await row.getByText('Paid', { exact: true }).waitFor()
    await row.getByText('$12.06').waitFor()
  }

  async function beLiked(page: Page, hostPage: Page): Promise<void> {
    const dashboard = await markPage(page)
    await hostPage.getByRole('tab', { name: 'Members' }).click()
    await hostPage.getByRole('button', { name: 'Like Sam' }).click()
    await page.getByText('Host liked you').waitFor()
    expect(await dashboard.isStillTheSame()).toBe(true)
    await page.getByRole('button', { name: 'Like Amelia' }).click()
    await page.getByText("It's a match").waitFor()
  }
})
