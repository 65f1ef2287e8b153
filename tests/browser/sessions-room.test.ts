// A session on the pages: first the devices, then the room and its interruptions.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  alwaysFreeHost,
  becomes,
  bookingStartingIn,
  freeStartIn,
  type Host,
  joins,
  moveTo,
  openRoom,
  openSession,
  signedInHost,
  signedInMember,
} from '../people/actors.ts'
import type { Person } from '../../world/person.ts'
import { hostActs, uidOf } from '../faults/calcom.ts'
import { minuteMs } from '../../server/lib/time.ts'
import { openAs, type Visitor } from './visitor.ts'
import { type BrowserWorld, chromiumPath, openBrowserWorld } from './world.ts'

describe.skipIf(!chromiumPath)('a session on the pages (needs Chromium)', () => {
  let world: BrowserWorld
  let ruby: Host
  const visitors: Visitor[] = []

  beforeAll(async () => {
    world = await openBrowserWorld()
    ruby = await alwaysFreeHost(world.presence)
  })
  afterEach(async () => {
    for (const visitor of visitors.splice(0)) await visitor.leave()
  })
  afterAll(() => world?.stop())

  async function visit(
    person: Person,
    bookingId: string,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<Page> {
    const visitor = await world.visitor({ viewport: { width: 390, height: 844 } })
    visitors.push(visitor)
    await openAs(visitor, person)
    await prepare?.(visitor.page)
    await visitor.page.goto(`/video-session?booking=${bookingId}`)
    await visitor.page.getByRole('button', { name: 'Join session' }).waitFor()
    return visitor.page
  }

  const enter = (page: Page) => page.getByRole('button', { name: 'Join session' }).click()

  test('devices are tested before the room, then belong to it, and the screen stays awake', async () => {
    const { member, booking } = await openSession(ruby)
    const page = await visit(member, booking.id, (before) =>
      before.addInitScript(() => {
        const real = navigator.wakeLock.request.bind(navigator.wakeLock)
        const locks: WakeLockSentinel[] = []
        Object.assign(window, { locks })
        navigator.wakeLock.request = async (type) => {
          const lock = await real(type)
          locks.push(lock)
          return lock
        }
      }),
    )
    const check = page.getByRole('region', { name: 'Camera and sound' })
    // This browser was given permission before, so the device check has begun by itself.
    const picture = check.getByLabel("Your camera's picture")
    await expect
      .poll(() => picture.evaluate((video) => (video as HTMLVideoElement).videoWidth))
      .toBeGreaterThan(0)
    await page.mouse.click(5, 5)
    await check.getByText('We can hear you.').waitFor()
    await check.getByRole('button', { name: 'Play a sound' }).click()
    await check.getByText('Nothing? Turn the volume up').waitFor()
    await page.evaluate(() =>
      Object.assign(window, {
        tracks: [...document.querySelectorAll('video')].flatMap((video) =>
          (video.srcObject as MediaStream).getTracks(),
        ),
      }),
    )
    await enter(page)
    const frame = page.frameLocator('iframe[title^="Video with"]')
    await frame.locator('#self').waitFor()
    const tracks = () =>
      page.evaluate(() =>
        (window as unknown as { tracks: MediaStreamTrack[] }).tracks.map((track) => track.readyState),
      )
    await expect.poll(tracks).toEqual(['ended', 'ended'])
    // The screen stays awake. A hidden page loses its wake lock and asks for it again.
    const locks = () =>
      page.evaluate(() =>
        (window as unknown as { locks: WakeLockSentinel[] }).locks.map((lock) => lock.released),
      )
    await expect.poll(locks).toEqual([false])
    await page.evaluate(async () => {
      await (window as unknown as { locks: WakeLockSentinel[] }).locks[0]!.release()
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await expect.poll(locks).toEqual([true, false])
    expect(
      (await page.getByRole('button', { name: /Leave/ }).count()) +
        (await frame.getByRole('button', { name: /Leave/ }).count()),
      'one way out',
    ).toBe(1)
  })

  test.each([
    ['NotAllowedError', /doesn't let this page use your camera and microphone/],
    ['NotReadableError', /seems to be in use\. Close other apps/],
    ['NotFoundError', /No camera and microphone was found/],
  ])('a browser that says %s leads to advice on what to do, and another try works', async (name, words) => {
    const { member, booking } = await openSession(ruby)
    const page = await visit(member, booking.id, (before) =>
      before.addInitScript((error) => {
        const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
        navigator.permissions.query = async () => {
          throw new Error('not told')
        }
        Object.assign(window, { allow: () => Object.assign(navigator.mediaDevices, { getUserMedia: real }) })
        navigator.mediaDevices.getUserMedia = async () => {
          throw new DOMException('no', error)
        }
      }, name),
    )
    await page.getByRole('button', { name: 'Check camera and microphone' }).click()
    await page.getByRole('alert').filter({ hasText: words }).waitFor()
    await page.evaluate(() => (window as unknown as { allow: () => void }).allow())
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByLabel("Your camera's picture").waitFor()
  })

  test('a waiting person reads what will happen and may leave after five minutes', async () => {
    const { member, booking } = await openSession(ruby)
    const page = await visit(member, booking.id)
    await enter(page)
    await becomes(member, booking.id, 'joined', (session) => session.memberJoinedAt !== null)
    await moveTo(world.presence, booking.start, minuteMs)
    await page.getByText("Ruby isn't here yet. If that is still so in").waitFor()
    await moveTo(world.presence, booking.start, 5 * minuteMs + 1_000)
    await page.getByText("Ruby hasn't come. You may leave now").waitFor()
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await page.getByRole('heading', { name: 'We are sorry: Ruby did not come' }).waitFor()
    expect(await member.booking(booking.id)).toMatchObject({ state: 'pending', outcome: 'host_no_show' })
  })

  test('nobody is cut off when the time is up, whatever the clock of the browser says', async () => {
    const { member, booking } = await openSession(ruby)
    const page = await visit(member, booking.id, (before) =>
      before.addInitScript(() => {
        const RealDate = Date
        const hour = 3_600_000
        globalThis.Date = class extends RealDate {
          constructor(...given: [] | [string | number | Date]) {
            if (given.length === 0) super(RealDate.now() + hour)
            else super(given[0])
          }
          static override now() {
            return RealDate.now() + hour
          }
        } as DateConstructor
      }),
    )
    await enter(page)
    const stay = await joins(ruby, booking.id)
    await moveTo(world.presence, booking.start, 8 * minuteMs + 30_000)
    await page.getByText(/^Two minutes left/).waitFor()
    await page.getByRole('button', { name: 'Meet Ruby again?' }).click()
    await moveTo(world.presence, booking.end, 2_000)
    await becomes(member, booking.id, 'held', (session) => session.outcome === 'held')
    await page.getByText('The time is up.').waitFor()
    await sleep(3_000)
    expect(await page.locator('iframe').count(), 'still in the room').toBe(1)
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await page.getByRole('dialog', { name: 'Thank you for being here' }).waitFor()
    await page.keyboard.press('Escape')
    await page.waitForURL(/host-selection\?first=/)
    await stay.leave()
  })

  test('a member who waits in the room is told at once when the host cancels', async () => {
    const { member, booking } = await openSession(ruby)
    const page = await visit(member, booking.id)
    // The room is closed while its page is still open in ours.
    visitors.at(-1)!.expectsAll(/^(410|403) POST .*\/daily\/.*\/(signal|join)$/)
    await enter(page)
    await becomes(member, booking.id, 'joined', (session) => session.memberJoinedAt !== null)
    await ruby.ask('POST', `/api/host/bookings/${booking.id}/cancel`)
    await page.getByRole('heading', { name: 'This session has no time yet' }).waitFor()
    await page.getByRole('link', { name: 'Pick a time' }).waitFor()
  })

  test('a member who waits in the room is led to the new time when the host moves the session', async () => {
    const amelia = await signedInHost(world.presence, 'Amelia Hart')
    const member = await signedInMember(world.presence)
    const booking = await bookingStartingIn(60, member, amelia)
    await openRoom(member, booking)
    const page = await visit(member, booking.id)
    await enter(page)
    await page.locator('iframe[title^="Video with"]').waitFor()
    await becomes(member, booking.id, 'joined', (session) => session.memberJoinedAt !== null)
    const later = await freeStartIn(24 * 60, member, amelia)
    await hostActs(world.presence, await uidOf(world.presence, booking), 'reschedule', { start: later })
    await page.getByText(/^The room opens/).waitFor()
    expect(await page.locator('iframe[title^="Video with"]').count()).toBe(0)
    await becomes(member, booking.id, 'moved', (session) => session.start === later)
  })

  test('a report that ends the session closes the room for both, and nobody is thanked', async () => {
    const { member, booking } = await openSession(ruby)
    const [page, hostPage] = [await visit(member, booking.id), await visit(ruby, booking.id)]
    await enter(page)
    await enter(hostPage)
    await page.getByText('Ruby is here').waitFor()
    await page.getByRole('button', { name: 'Report' }).click()
    await page.getByLabel(/What happened/).fill('I felt unsafe.')
    await page.getByLabel('End the session now, for both of us').check()
    await page.getByRole('button', { name: 'Send report' }).click()
    for (const one of [page, hostPage])
      await one.getByRole('heading', { name: 'This session has ended' }).waitFor()
    expect(await page.getByText('Thank you for being here').count()).toBe(0)
  })
})
