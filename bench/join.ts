// Measures from the click on "Join session" to the other's picture, between two browsers with fake cameras.
import type { Browser, BrowserContext, Frame, Page } from 'playwright'
import { book, buy, hostNamed, memberNamed } from '../world/acts.ts'
import { moveClock } from '../world/outside.ts'
import { newMobileNumber, Person, waitFor, type World } from '../world/person.ts'
import { type Line, milliseconds, percentile } from './line.ts'
import type { Booking } from '../server/journey/bookings/booking-view.ts'
import { addMinutes } from '../server/lib/time.ts'

const rounds = 5
const host = { fullName: 'Amelia Hart', mobileNumber: '+61491570006' }

export async function measureJoin(browser: Browser, world: World, where: string): Promise<Line> {
  const contexts: BrowserContext[] = []
  try {
    const member = await memberNamed(world, 'Sam Rivers', newMobileNumber())
    const hostPerson = new Person(world, host.mobileNumber)
    await hostPerson.signIn()
    const hostId = await hostNamed(member, host.fullName)
    const { bookingIds } = await buy(member, 'Adhoc', hostId)
    const bookingId = bookingIds[0]!
    const start = await book(member, bookingId, hostId, 40)
    await moveClock(world, { to: addMinutes(start, -14).toISOString() })
    await waitFor(
      'the open room',
      async () => (await member.ask<Booking>('GET', `/api/bookings/${bookingId}`)).roomStatus === 'active',
    )
    const [page, hostPage] = [
      await lobby(browser, contexts, member, bookingId),
      await lobby(browser, contexts, hostPerson, bookingId),
    ]
    await hostPage.getByRole('button', { name: 'Join session' }).click()
    await page.getByText(`${host.fullName.split(' ')[0]} is here`).waitFor()
    const took: number[] = []
    for (let round = 0; round < rounds; round++) {
      took.push(await joinOnce(page))
      await page.getByRole('button', { name: 'Leave', exact: true }).click()
      await page.getByRole('button', { name: 'Back to the session' }).waitFor()
      await page.goto(`/video-session?booking=${bookingId}`)
      await page.getByRole('button', { name: 'Join session' }).waitFor()
    }
    return {
      name: `join click to the other's picture, ${where}`,
      measured: `${milliseconds(percentile(took, 0.5))} (median of ${rounds}, slowest ${milliseconds(Math.max(...took))})`,
      values: { medianMs: percentile(took, 0.5), worstMs: Math.max(...took) },
      aim: 'under 2 s',
    }
  } finally {
    for (const context of contexts) await context.close()
  }
}

async function lobby(
  browser: Browser,
  contexts: BrowserContext[],
  person: Person,
  bookingId: string,
): Promise<Page> {
  const context = await browser.newContext({ baseURL: person.world.url })
  contexts.push(context)
  await context.addCookies(
    [...person.cookies].map(([name, value]) => ({ name, value, url: person.world.url })),
  )
  const page = await context.newPage()
  await page.goto(`/video-session?booking=${bookingId}`)
  await page.getByRole('button', { name: 'Join session' }).waitFor()
  return page
}

/** Observed in the page or frame that shows the picture, by the clock of the same machine. */
async function joinOnce(page: Page): Promise<number> {
  const clickedAt = await page.getByRole('button', { name: 'Join session' }).evaluate((button) => {
    ;(button as HTMLButtonElement).click()
    return Date.now()
  })
  const room: Page | Frame = await Promise.race([
    page
      .locator('section[aria-label^="Video with"]')
      .waitFor()
      .then(() => page),
    page
      .locator('iframe[title^="Video with"]')
      .elementHandle()
      .then(async (frame) => (await frame!.contentFrame())!),
  ])
  await room.locator('video[data-remote]').waitFor({ state: 'attached' })
  const shownAt = await room.locator('video[data-remote]').evaluate(
    (video) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if ((video as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames > 0) resolve(Date.now())
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
  return shownAt - clickedAt
}
