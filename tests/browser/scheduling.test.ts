// Choosing, moving and cancelling a time as people see it: on a phone and a desk, by keyboard, in two tabs,
// overnight, by the link of an SMS, and as the host.
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hours } from '../../server/journey/times/hours-view.ts'
import type { PlanType } from '../../server/journey/plans/plan.ts'
import { moveClock } from '../../world/outside.ts'
import { waitFor } from '../../world/person.ts'
import {
  alwaysFreeHost,
  bookingStartingIn,
  type Host,
  type Member,
  paidPurchase,
  signedInHost,
  signedInMember,
} from '../people/actors.ts'
import { query, smsOf } from '../people/evidence.ts'
import { injectFault } from '../faults/sandbox.ts'
import { hourMs, minuteMs } from '../../server/lib/time.ts'
import { openAs, type Visitor } from './visitor.ts'
import { focusOn } from './acts.ts'
import { type BrowserWorld, openBrowserWorld } from './world.ts'

let world: BrowserWorld
let ruby: Host
let amelia: Host
const shots = process.env['SCREENSHOTS']
const phone = { viewport: { width: 390, height: 844 } }
const time = /^\d{1,2}:\d\d\s?[ap]m$/i

beforeAll(async () => {
  world = await openBrowserWorld()
  ruby = await alwaysFreeHost(world.presence)
  amelia = await signedInHost(world.presence, 'Amelia Hart')
})

afterAll(() => world?.stop())

async function shoot(page: Page, name: string) {
  if (!shots) return
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png`, fullPage: true })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

async function bought(
  name: string,
  host: Host,
  plan: PlanType = 'Adhoc',
): Promise<{ member: Member; bookingId: string }> {
  const member = await signedInMember(world.presence, name)
  return { member, bookingId: (await paidPurchase(member, host, plan)).bookingIds[0]! }
}

async function opens(who: Member | Host, path: string, options: object = {}): Promise<Visitor> {
  const visitor = await world.visitor(options)
  await openAs(visitor, who)
  await visitor.page.goto(path)
  return visitor
}

const times = (page: Page) => page.getByRole('button', { name: time })
const booked = (page: Page, title = "You're booked") =>
  page.getByRole('heading', { name: title, exact: true }).waitFor()

test('a reserved start is refused with the nearest ones as buttons, usable by keyboard', async () => {
  const [one, other] = [await bought('One Member', ruby), await bought('Other Member', ruby)]
  const first = await opens(one.member, `/bookings/${one.bookingId}/schedule`, phone)
  const second = await opens(other.member, `/bookings/${other.bookingId}/schedule`)
  await times(second.page).first().waitFor()
  // Only days with free times can be chosen, from today until the session expires.
  const days = second.page.getByRole('grid').getByRole('button')
  expect(await days.and(second.page.locator(':enabled')).count()).toBeGreaterThan(10)
  await second.page.getByRole('button', { name: 'Wednesday 3 March' }).waitFor()
  expect(await second.page.getByRole('button', { name: 'Tuesday 2 March' }).isDisabled()).toBe(true)

  // The last one before noon is hours away, however slow the machine is.
  const chosen = times(first.page).last()
  const name = (await chosen.textContent())!
  await Promise.all([
    first.page.waitForResponse((response) => response.url().endsWith('/reserve') && response.ok()),
    chosen.click(),
  ])
  await shoot(first.page, 'calendar-390')
  second.expects(`409 POST /api/bookings/${other.bookingId}/reserve`)
  await second.page.getByRole('button', { name, exact: true }).first().click()
  const refusal = second.page.getByRole('alert')
  await refusal.getByText('choose another').waitFor()
  expect(await refusal.getByRole('button').count()).toBe(5)
  await shoot(second.page, 'calendar-refused-1280')
  await focusOn(refusal.getByRole('button').first())
  await second.page.keyboard.press('Enter')
  await focusOn(second.page.getByRole('button', { name: 'Confirm this time' }))
  await second.page.keyboard.press('Enter')
  await booked(second.page)
  await shoot(second.page, 'booked-1280')
  await first.page.getByRole('button', { name: 'Confirm this time' }).dblclick()
  await booked(first.page)
  expect(await one.member.booking(one.bookingId)).toMatchObject({ attempt: 1 })
  await first.leave()
  await second.leave()
})

test('a day, a zone and a time can be chosen by keyboard, beside the clock of the host', async () => {
  const { member, bookingId } = await bought('Key Member', ruby)
  const visitor = await opens(member, `/bookings/${bookingId}/schedule`)
  const { page } = visitor
  await times(page).first().waitFor()
  await page.getByRole('button', { name: 'Change', exact: true }).press('Enter')
  await page.getByLabel('Show times in').selectOption('Australia/Eucla')
  await page.getByText('Eucla time').first().waitFor()
  await focusOn(page.getByRole('button', { name: 'Thursday 4 March' }))
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Fri 5 March' }).waitFor()
  await times(page).first().press('Enter')
  // Auckland is four hours and a quarter ahead of Eucla.
  await page.getByText(/^For Ruby: .*Auckland time/).waitFor()
  await page.getByRole('button', { name: 'Confirm this time' }).press('Enter')
  await booked(page)
  await page.locator(':focus').getByText('with Ruby Tamihana').waitFor()
  expect((await member.booking(bookingId)).start).toBe('2027-03-04T15:15:00.000Z')
  await visitor.leave()
})

test('a second tab says the session is booked, and a page open overnight shows the new day', async () => {
  const { member, bookingId } = await bought('Night Member', ruby)
  const visitor = await world.visitor()
  await openAs(visitor, member)
  const { page } = visitor
  await page.clock.install({ time: new Date() })
  await page.goto(`/bookings/${bookingId}/schedule`)
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await times(page).last().click()
  await page.getByRole('button', { name: 'Confirm this time' }).waitFor()
  await moveClock(world.presence, { advanceMs: 20 * hourMs })
  await page.clock.fastForward(20 * hourMs)
  await page.getByRole('button', { name: 'Confirm this time' }).waitFor({ state: 'detached' })
  expect(
    await page
      .getByRole('button', { name: 'Wednesday 3 March' })
      .isEnabled()
      .catch(() => false),
  ).toBe(false)

  const tab = await visitor.context.newPage()
  await tab.goto(`/bookings/${bookingId}/schedule`)
  await times(tab).last().click()
  await tab.getByRole('button', { name: 'Confirm this time' }).click()
  await booked(tab)
  await booked(page, "You're booked already")
  await visitor.leave()
})

test('the page says when a calendar cannot be reached, and offers hosts who are free', async () => {
  const { member, bookingId } = await bought('Waiting Member', amelia, 'Weekly')
  const away = await injectFault(world.presence, {
    provider: 'calcom',
    operation: 'slots.list',
    kind: 'outage',
  })
  // The times last known are shown for a quarter of an hour.
  await moveClock(world.presence, { advanceMs: 20 * minuteMs })
  const visitor = await world.visitor(phone)
  visitor.expects(`503 GET /api/hosts/${amelia.id}/slots`)
  await openAs(visitor, member)
  const { page } = visitor
  await page.goto(`/bookings/${bookingId}/schedule`)
  await page.getByRole('heading', { name: "Amelia's calendar isn't answering" }).waitFor()
  const free = page.getByRole('list', { name: 'Hosts who are free' })
  await free.getByRole('link', { name: 'Ruby Tamihana' }).waitFor()
  await shoot(page, 'calendar-away-390')
  await free.getByRole('link', { name: 'Ruby Tamihana' }).click()
  await page.getByRole('button', { name: /^Next free/ }).waitFor()
  await times(page).last().click()
  await page.getByRole('button', { name: 'Confirm this time' }).click()
  await booked(page)
  await away.remove()
  await visitor.leave()
})

test('the link of an SMS shows, moves and cancels a session without signing in', async () => {
  const member = await signedInMember(world.presence, 'Link Member')
  const booking = await bookingStartingIn(30 * 60, member, ruby)
  const link = await waitFor(
    'the link',
    async () =>
      (await smsOf(world.presence, member.mobileNumber)).flatMap(
        ({ body }) => /\/manage\/[\w-]+/.exec(body) ?? [],
      )[0],
  )
  const visitor = await world.visitor(phone)
  const { page } = visitor
  await page.goto(link)
  await page.getByText('Moving or cancelling costs nothing until').waitFor()
  await shoot(page, 'manage-390')
  await page.getByRole('button', { name: 'Move it' }).click()
  await times(page).first().waitFor()
  await page.getByRole('grid').getByRole('button').and(page.locator(':enabled')).last().click()
  await times(page).first().click()
  await shoot(page, 'manage-move-390')
  await page.getByRole('button', { name: 'Move it here' }).click()
  await waitFor('the moved session', async () => (await member.booking(booking.id)).attempt === 2)
  await page.getByRole('button', { name: 'Cancel it' }).click()
  await page.getByText('This costs nothing.').waitFor()
  await page.getByRole('button', { name: 'Keep it' }).click()
  await page.getByRole('button', { name: 'Move it' }).waitFor()
  await page.getByRole('button', { name: 'Cancel it' }).click()
  await page.getByRole('button', { name: 'Yes, cancel it' }).click()
  await page.getByRole('heading', { name: 'This session is cancelled' }).waitFor()
  await shoot(page, 'manage-cancelled-390')
  expect(await member.booking(booking.id)).toMatchObject({ state: 'pending' })
  await visitor.leave()
})

test('a host can move a session only to times that leave the member a choice', async () => {
  const member = await signedInMember(world.presence, 'Moved Member')
  const booking = await bookingStartingIn(40 * 60, member, ruby)
  const visitor = await opens(ruby, '/host')
  const { page } = visitor
  await page.getByRole('link', { name: 'Move the session with Moved' }).click()
  await page.getByText('at least 12 hours from now').waitFor()
  await times(page).first().waitFor()
  await shoot(page, 'host-move-1280')
  await times(page).first().click()
  await page.getByRole('button', { name: 'Move it here' }).click()
  await page.getByText('The session has moved').waitFor()
  await waitFor('the moved session', async () => (await member.booking(booking.id)).attempt === 2)
  await visitor.leave()
})

test('a host previews hours, rules, single dates and another zone as members would see them', async () => {
  const visitor = await opens(ruby, '/host?tab=hours', phone)
  const { page } = visitor
  const preview = page.getByRole('region', { name: 'Preview' })
  await preview.getByText('times').first().waitFor()
  await page.getByLabel('Date', { exact: true }).fill('2027-03-09')
  await page.getByLabel('That day, from').selectOption('14:00')
  await page.getByLabel('That day, until').selectOption('15:00')
  await page.getByRole('button', { name: 'Set these hours' }).click()
  await preview.getByText('2:00 pm to 2:50 pm, 11 times').waitFor()
  await page.getByLabel('From one start to the next').selectOption('30')
  await preview.getByText('2:00 pm to 2:30 pm, 2 times').waitFor()
  await page.getByLabel('At most this many sessions a day').selectOption('3')
  await page.getByLabel('Time zone').selectOption('Europe/Berlin')
  await page.getByText('Members can book you in these hours, in Berlin time').waitFor()
  await shoot(page, 'host-hours-390')
  await page.getByRole('button', { name: 'Save hours' }).click()
  await page.getByText('Your hours are saved').waitFor()
  expect(await ruby.ask('GET', '/api/host/hours')).toMatchObject({
    timeZone: 'Europe/Berlin',
    intervalMinutes: 30,
    maximumPerDay: 3,
    dateOverrides: [{ date: '2027-03-09', windows: [{ start: '14:00', end: '15:00' }] }],
  })
  await visitor.leave()
})

test('a host is told why a calendar cannot be connected, and subscribes to their own sessions', async () => {
  const visitor = await opens(ruby, '/host?tab=hours')
  const { page } = visitor
  await page.getByLabel('Address of a calendar').fill('https://127.0.0.1/x.ics')
  visitor.expects('400 POST /api/host/calendars')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('does not lead to a calendar on the open internet').waitFor()
  await page.getByRole('button', { name: 'Make a private address' }).click()
  const link = page.getByRole('link', { name: 'Open in my calendar' })
  expect(await link.getAttribute('href')).toMatch(/^webcal:\/\/.*\.ics$/)
  await shoot(page, 'host-hours-1280')
  await page.getByRole('button', { name: 'Stop sharing' }).click()
  await page.getByRole('button', { name: 'Make a private address' }).waitFor()
  await visitor.leave()
})

test('cancelling offers the money in the same sheet', async () => {
  const member = await signedInMember(world.presence, 'Cancelling Member')
  const booking = await bookingStartingIn(40 * 60, member, ruby)
  const visitor = await opens(member, `/?session=${booking.id}`, phone)
  const { page } = visitor
  await page.getByRole('button', { name: 'Cancel session' }).click()
  await page.getByText('This costs nothing.').waitFor()
  await shoot(page, 'cancel-390')
  await page.getByRole('button', { name: /^Cancel and get .*18\.00 back$/ }).click()
  await page.getByText('Your refund is on its way').waitFor()
  expect(await member.booking(booking.id)).toMatchObject({ state: 'cancelled', refundedCents: 1_800 })
  await visitor.leave()
})

test('nobody pays for a host without times, and who has paid gets the money back there', async () => {
  const { member, bookingId } = await bought('Stranded Member', ruby)
  const { calendar: _calendar, ...hours } = await ruby.ask<Hours>('GET', '/api/host/hours')
  await ruby.ask('PUT', '/api/host/hours', { ...hours, weekly: [], dateOverrides: [] })
  const visitor = await opens(member, `/plans?host=${ruby.id}`, phone)
  const { page } = visitor
  await page.getByText('Ruby has no times yet.').waitFor()
  await shoot(page, 'plans-no-times-390')
  expect(await page.getByRole('button', { name: 'No times yet' }).isDisabled()).toBe(true)
  await page.goto(`/plans?host=${ruby.id}&plan=Adhoc`)
  await page.getByText('Ruby has no times yet.').waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)

  await page.goto(`/bookings/${bookingId}/schedule`)
  await page.getByRole('heading', { name: 'Ruby has no free times' }).waitFor()
  await shoot(page, 'no-free-times-390')
  await page.getByRole('button', { name: 'Get your money back' }).click()
  await page.getByRole('button', { name: 'Yes, refund it' }).click()
  await page.getByRole('heading', { name: 'This session was cancelled' }).waitFor()
  expect(await member.booking(bookingId)).toMatchObject({ state: 'cancelled', refundedCents: 1_800 })
  await visitor.leave()

  const host = await opens(ruby, '/host?tab=hours', phone)
  await host.page.getByText('You have no hours yet.').waitFor()
  await host.page.getByRole('button', { name: 'Begin with weekdays, 9 to 17' }).click()
  await host.page.getByText('You have unsaved changes').waitFor()
  await shoot(host.page, 'no-hours-390')
  await host.page.getByRole('tab', { name: 'Members' }).click()
  await host.page.getByText('You have unsaved changes').waitFor({ state: 'detached' })
  await host.page.getByRole('tab', { name: 'Hours' }).click()
  await host.page.getByText('You have unsaved changes').waitFor()
  await host.page.getByRole('button', { name: 'Save hours' }).click()
  await host.page.getByText('Your hours are saved').waitFor()
  await host.leave()
  await ruby.ask('PUT', '/api/host/hours', hours)
})

test('a host sees two weeks of several calendars over their hours, and gives one a name and a colour', async () => {
  const { databaseUrl } = world.presence
  const calendars = ['01990000-0000-7000-8000-00000000000a', '01990000-0000-7000-8000-00000000000b']
  const noon = '2027-03-05T01:00:00Z'
  for (const [index, id] of calendars.entries()) {
    await query(
      databaseUrl,
      'insert into imported_calendars (id, host_id, address, color, created_at, due_at) values ($1, $2, $3, $4, $5, $5)',
      [id, ruby.id, `https://calendar${index}.example/x.ics`, ['blue', 'violet'][index], noon],
    )
    await query(
      databaseUrl,
      `insert into busy_times (imported_calendar_id, host_id, start_at, end_at)
       values ($1, $2, $3::timestamptz + $4::interval, $3::timestamptz + $4::interval + interval '1 hour')`,
      [id, ruby.id, noon, `${index * 3} hours`],
    )
  }
  const visitor = await opens(ruby, '/host?tab=hours', phone)
  const { page } = visitor
  const weeks = page.getByRole('region', { name: 'Your next two weeks' })
  await weeks.getByText(/ to .* \(calendar0\.example\), .* to .* \(calendar1\.example\)/).waitFor()
  expect(await weeks.getByRole('listitem').count()).toBe(3 + 14)
  await page.getByRole('button', { name: 'Name and colour of calendar0.example' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Work')
  await page.getByRole('radio', { name: 'rose' }).check({ force: true })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await weeks.getByText(/ to .* \(Work\)/).waitFor()
  const colours = await weeks
    .locator('[style*="--calendar-"]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('style')!.match(/--calendar-\w+/)![0]))
  expect(new Set(colours)).toEqual(new Set(['--calendar-rose', '--calendar-violet']))
  await shoot(page, 'host-two-weeks-390')
  await visitor.leave()
})
