// A room of our own (VIDEO=builtin) between two browsers, without an account at any provider.
import type { Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../../world/person.ts'
import { alwaysFreeHost, becomes, type Host, moveTo, openSession } from '../people/actors.ts'
import { query } from '../people/evidence.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { seeMovingPicture } from './acts.ts'
import { hasTurnServer, startTurnServer } from './turn-server.ts'
import { openAs, type Visitor } from './visitor.ts'
import { type BrowserWorld, chromiumPath, openBrowserWorld } from './world.ts'

describe.skipIf(!chromiumPath)('a room of our own (needs Chromium)', () => {
  let world: BrowserWorld
  let ruby: Host
  const visitors: Visitor[] = []

  beforeAll(async () => {
    world = await openBrowserWorld({
      env: { VIDEO: 'builtin', DAILY_API_KEY: '', DAILY_WEBHOOK_SECRET: '', RATINGS: 'on' },
    })
    ruby = await alwaysFreeHost(world.presence)
  })
  afterEach(async () => {
    for (const visitor of visitors.splice(0)) await visitor.leave()
  })
  afterAll(() => world?.stop())

  async function enter(person: Person, bookingId: string): Promise<Visitor> {
    const visitor = await world.visitor({ viewport: { width: 390, height: 844 }, serviceWorkers: 'block' })
    visitors.push(visitor)
    await openAs(visitor, person)
    await visitor.page.goto(`/video-session?booking=${bookingId}`)
    await visitor.page.getByRole('button', { name: 'Join session' }).click()
    return visitor
  }

  const seeEachOther = (...pages: Page[]) => Promise.all(pages.map((page) => seeMovingPicture(page, true)))
  const rate = async (place: Page | Locator, stars: string) => {
    await place.getByRole('radio', { name: stars }).check({ force: true })
    await place.getByRole('button', { name: 'Send rating' }).click()
  }
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

  test('two people see each other move, chat, and see which devices the other switched off', async () => {
    const { member, booking } = await openSession(ruby)
    const { page } = await enter(member, booking.id)
    await page.getByText('Waiting for Ruby').waitFor()
    const { page: hostPage } = await enter(ruby, booking.id)
    await seeEachOther(page, hostPage)
    await page.getByText('Good connection').waitFor()
    await press(page, 'Turn microphone off')
    await hostPage.getByText("Sam's microphone is off").waitFor()
    await press(page, 'Turn camera off')
    await hostPage.getByText("Sam's camera is off").waitFor()
    await press(page, 'Turn camera on')
    await seeMovingPicture(hostPage, true)
    await press(page, 'Open the chat')
    await page.getByLabel('Message to Ruby').fill('Can you hear me?')
    await press(page, 'Send')
    await press(hostPage, 'Open the chat, new message')
    await hostPage.getByText('Can you hear me?').waitFor()
    await press(hostPage, 'Leave')
    await page.getByText('Ruby has left').first().waitFor()
  })

  test('devices and the shared screen change within the call; the picture can leave the page', async () => {
    const { member, booking } = await openSession(ruby)
    const [{ page }, { page: hostPage }] = [await enter(member, booking.id), await enter(ruby, booking.id)]
    await seeEachOther(page, hostPage)
    const sent = () =>
      page
        .locator('video[data-local]')
        .evaluate((video: HTMLVideoElement) =>
          (video.srcObject as MediaStream).getTracks().map((track) => track.label),
        )
    const before = await sent()
    await press(page, 'Camera and microphone')
    const dialog = page.getByRole('dialog', { name: 'Camera and microphone' })
    await dialog.getByLabel('Camera').selectOption({ index: 2 })
    await dialog.getByLabel('Microphone').selectOption({ index: 2 })
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect.poll(async () => (await sent()).filter((label) => before.includes(label))).toEqual([])
    await seeMovingPicture(hostPage, true)
    const shape = () =>
      hostPage
        .locator('video[data-remote]')
        .evaluate((video: HTMLVideoElement) => [
          Math.round((video.videoWidth / video.videoHeight) * 10),
          getComputedStyle(video).objectFit,
        ])
    const camera = await shape()
    await press(page, 'Share your screen')
    await expect.poll(shape).not.toEqual(camera)
    expect((await shape())[1], 'the whole of it').toBe('contain')
    await press(page, 'Stop sharing')
    await expect.poll(shape).toEqual(camera)
    await seeMovingPicture(hostPage, true)
    const isOutside = () =>
      page.evaluate(() => document.pictureInPictureElement === document.querySelector('video[data-remote]'))
    await press(page, 'Picture in picture')
    await expect.poll(isOutside).toBe(true)
    await press(page, 'Picture in picture')
    await expect.poll(isOutside).toBe(false)
  })

  test('devices and presence come back after a phone rang or was locked', async () => {
    const { member, booking } = await openSession(ruby)
    const [{ page, context }, { page: hostPage }] = [
      await enter(member, booking.id),
      await enter(ruby, booking.id),
    ]
    await seeEachOther(page, hostPage)
    const phone = (what: 'mute' | 'unmute' | 'ended') =>
      page.locator('video[data-local]').evaluate((video: HTMLVideoElement, event) => {
        for (const track of (video.srcObject as MediaStream).getTracks()) {
          if (event === 'ended') track.stop()
          else Object.defineProperty(track, 'muted', { value: event === 'mute', configurable: true })
          track.dispatchEvent(new Event(event))
        }
      }, what)
    await phone('mute')
    await hostPage.getByText("Sam's camera is off").waitFor()
    await page.getByRole('button', { name: 'Turn microphone off' }).waitFor()
    await phone('unmute')
    await hostPage.getByText("Sam's microphone is off").waitFor({ state: 'detached' })
    await phone('ended')
    await page.getByRole('button', { name: 'Turn microphone on' }).waitFor()
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await page.getByRole('button', { name: 'Turn microphone off' }).waitFor()
    await seeMovingPicture(hostPage, true)

    const stays = async () => {
      const rows = await query<{ left: boolean }>(
        world.presence.databaseUrl,
        "select left_at is not null as left from attendance where booking_id = $1 and role = 'member' order by joined_at",
        [booking.id],
      )
      return rows.map(({ left }) => (left ? 'over' : 'in'))
    }
    const lock = await context.newCDPSession(page)
    await lock.send('Debugger.enable')
    await Promise.all([
      new Promise((resolve) => lock.once('Debugger.paused', resolve)),
      lock.send('Debugger.pause'),
    ])
    await query(
      world.presence.databaseUrl,
      "update visits set there_until = '2000-01-01' where booking_id = $1 and role = 'member' and ended_at is null",
      [booking.id],
    )
    await hostPage.evaluate(() => dispatchEvent(new Event('online')))
    await expect.poll(stays).toEqual(['over'])
    await lock.send('Debugger.resume')
    await lock.send('Debugger.disable')
    await expect.poll(stays).toEqual(['over', 'in'])
    await seeEachOther(page, hostPage)
  })

  test('a reload rejoins by itself, and a second device takes over until the first asks to', async () => {
    const { member, booking } = await openSession(ruby)
    const { page } = await enter(member, booking.id)
    const { page: hostPage } = await enter(ruby, booking.id)
    await seeEachOther(page, hostPage)
    await page.reload()
    await seeEachOther(page, hostPage)
    const { page: second } = await enter(member, booking.id)
    await seeEachOther(second, hostPage)
    await page.getByText('You have opened this session somewhere else').waitFor()
    await press(page, 'Use this one instead')
    await seeEachOther(page, hostPage)
    await second.getByText('You have opened this session somewhere else').waitFor()
  })

  test('killing the server interrupts no picture and loses no attendance, and both can rate', async () => {
    const { member, booking } = await openSession(ruby)
    const [one, two] = [await enter(member, booking.id), await enter(ruby, booking.id)]
    const [page, hostPage] = [one.page, two.page]
    await seeEachOther(page, hostPage)
    await moveTo(world.presence, booking.start, minuteMs)
    const isExpected =
      /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING/
    for (const visitor of [one, two]) visitor.expectsAll(isExpected)
    await world.presence.kill9()
    await page.getByText('Your call goes on').waitFor()
    await seeEachOther(page, hostPage)
    await world.presence.restart()
    await page.getByText('Your call goes on').waitFor({ state: 'detached' })
    // The clock jumps over the whole session. Without a heartbeat in it nobody was there by our records.
    for (const each of [page, hostPage]) await each.evaluate(() => dispatchEvent(new Event('online')))
    await expect
      .poll(async () => {
        const rows = await query<{ role: string }>(
          world.presence.databaseUrl,
          'select role from visits where booking_id = $1 and ended_at is null and seen_at >= $2 order by role',
          [booking.id, booking.start],
        )
        return rows.map(({ role }) => role)
      })
      .toEqual(['host', 'member'])
    await moveTo(world.presence, booking.end, 1_000)
    await becomes(member, booking.id, 'held', (session) => session.outcome === 'held')
    await page.getByText('The time is up.').waitFor()
    await seeEachOther(page, hostPage)
    await press(page, 'Leave')
    await press(hostPage, 'Leave')
    await expect
      .poll(async () => {
        const rows = await query<{ role: string; left_at: Date | null }>(
          world.presence.databaseUrl,
          'select role, left_at from attendance where booking_id = $1',
          [booking.id],
        )
        return (
          rows.every((row) => row.left_at !== null) && [...new Set(rows.map((row) => row.role))].toSorted()
        )
      })
      .toEqual(['host', 'member'])
    const after = page.getByRole('dialog', { name: 'Thank you for being here' })
    await rate(after, '4 stars')
    await after.getByText('You gave Ruby 4 stars').waitFor()
    await rate(hostPage, '5 stars')
    await hostPage.getByText('Sam gave you 4 stars').waitFor()
    await after.getByText('Ruby gave you 5 stars').waitFor()
  })

  test.skipIf(!chromiumPath || !hasTurnServer())(
    'the picture goes through a TURN server and recovers when that was away (needs coturn)',
    async () => {
      const turn = await startTurnServer()
      try {
        await world.presence.restart({ ...turn.env, TURN_ONLY: 'on' })
        const { member, booking } = await openSession(ruby)
        const { page } = await enter(member, booking.id)
        const { page: hostPage } = await enter(ruby, booking.id)
        await seeEachOther(page, hostPage)
        expect(turn.allocations()).toBeGreaterThanOrEqual(2)
        await turn.kill()
        await page.getByText('The connection is interrupted').waitFor()
        await turn.start()
        await page.getByText('The connection is interrupted').waitFor({ state: 'detached' })
        await seeEachOther(page, hostPage)
      } finally {
        await turn.stop()
      }
    },
  )
})
